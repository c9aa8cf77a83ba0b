import { Controller, Get } from '@nestjs/common';
import { type AsOf, type Ask, ObjectStore } from '@stoettesystemer/engine';
import { OrganisationEnhed, TASK_ROLES } from '@stoettesystemer/model';
import { isUuid, malformed } from '@stoettesystemer/object';
import { Asking, At, type Parameters, Query, Route } from '@stoettesystemer/server';
import { Disclosure } from './disclosure';
import { MOMENT } from './moment';
import { Overviews } from './overviews';
import { PAGE, Paging } from './page';
import { responsible } from './responsibility';

const KLE = /^\d\d(\.\d\d(\.\d\d)?)?$/;

/** @throws Refusal 400 */
export function unitIn({ enhed }: Parameters): string | null {
  if (enhed === undefined) return null;
  if (!isUuid(enhed)) throw malformed('uuid', '?enhed', 'Skal være en UUID.');
  return enhed.toLowerCase();
}

/** A role by its short name, or by the UUID of its Klasse; null for any. */
function roleIn({ rolle }: Parameters): string | null {
  if (rolle === undefined) return null;
  const known = Object.entries(TASK_ROLES).find(
    ([name, uuid]) => rolle === name || rolle.toLowerCase() === uuid,
  );
  if (known) return known[0];
  if (isUuid(rolle)) return rolle.toLowerCase();
  throw malformed(
    'rolle',
    '?rolle',
    `Rollen kendes ikke. Brug en UUID eller: ${Object.keys(TASK_ROLES).join(', ')}.`,
  );
}

/** Who answers for a subject of KLE, in all of the municipality or under one unit. */
@Controller('v1/opgaveansvar')
export class ResponsibilityController {
  constructor(
    private readonly overviews: Overviews,
    private readonly disclosure: Disclosure,
    private readonly store: ObjectStore,
  ) {}

  @Get()
  @Route({
    may: { verb: 'laes', types: [OrganisationEnhed] },
    parameters: ['kle', 'enhed', 'rolle', ...PAGE, ...MOMENT],
  })
  async find(@Asking() ask: Ask, @Query() parameters: Parameters, @At() asked: AsOf) {
    const { kle } = parameters;
    if (kle === undefined || !KLE.test(kle))
      throw malformed('kle', '?kle', 'Skriv et emne i KLE: 27, 27.18 eller 27.18.02.');
    const [root, role] = [unitIn(parameters), roleIn(parameters)];
    const question = ['opgaveansvar', kle, root, role];
    const { at, page } = new Paging(this.store.options.secret, ask, question, parameters).begin(asked);
    const { view } =
      root === null ? await this.overviews.of(ask, at[0]!) : await this.overviews.around(ask, at[0]!, root);
    const { data, naeste } = page(responsible(view, { kle, root, role }));
    const uuids = [...new Set(data.map(({ enhed }) => enhed.uuid))];
    await this.disclosure.log(ask, 'oversigt', [{ type: OrganisationEnhed, uuids }], { kle, enhed: root });
    return { data, naeste };
  }
}
