import { Controller, Get } from '@nestjs/common';
import { type AsOf, type Ask, ObjectStore } from '@stoettesystemer/engine';
import { OrganisationEnhed, OrganisationFunktion } from '@stoettesystemer/model';
import { malformed, notFound } from '@stoettesystemer/object';
import { asOf, Asking, type Parameters, Query, Route } from '@stoettesystemer/server';
import { compareTrees } from '../tree/compare-trees';
import { KINDS_OF_CHANGE, type KindOfChange, type TreeChange } from '../tree/tree-change';
import { Disclosure } from './disclosure';
import { MOMENT } from './moment';
import { type Overview, Overviews } from './overviews';
import { PAGE, Paging } from './page';
import { unitIn } from './responsibility.controller';
import { type NamedUnit, namedUnit } from './unit-name';

const BEFORE = { virkningstid: 'foerVirkningstid', registreringstid: 'foerRegistreringstid' } as const;

/** The first moment: what is not said of it is as in the second. @throws Refusal 400 */
function beforeIn(parameters: Parameters): Parameters {
  if (!Object.values(BEFORE).some((name) => name in parameters))
    throw malformed('paakraevet', `?${BEFORE.virkningstid}`, 'Sig, hvad der skal sammenlignes med.');
  const moments: Record<string, string> = {};
  for (const name of MOMENT) {
    const text = parameters[BEFORE[name]] ?? parameters[name];
    if (text !== undefined) moments[name] = text;
  }
  return moments;
}

function kindsIn({ slags }: Parameters): ReadonlySet<KindOfChange> {
  const names = slags?.split(',') ?? KINDS_OF_CHANGE;
  for (const name of names)
    if (!(KINDS_OF_CHANGE as readonly string[]).includes(name))
      throw malformed('vaerdi', '?slags', `Brug: ${KINDS_OF_CHANGE.join(', ')}.`);
  return new Set(names as readonly KindOfChange[]);
}

const functionOf = (change: TreeChange): string[] =>
  change.slags === 'MedlemAendret'
    ? [change.nu.funktion]
    : 'medlem' in change
      ? [change.medlem.funktion]
      : [];

/** What is otherwise in the units of a municipality between two moments, of virkning, of registration time or of both. */
@Controller('v1/aendringer')
export class ChangesController {
  constructor(
    private readonly overviews: Overviews,
    private readonly disclosure: Disclosure,
    private readonly store: ObjectStore,
  ) {}

  @Get()
  @Route({
    may: { verb: 'laes', types: [OrganisationEnhed] },
    searches: true,
    parameters: [...Object.values(BEFORE), 'enhed', 'slags', ...PAGE, ...MOMENT],
  })
  async between(@Asking() ask: Ask, @Query() parameters: Parameters) {
    const [kinds, root] = [kindsIn(parameters), unitIn(parameters)];
    const asked: AsOf[] = [asOf(beforeIn(parameters)), asOf(parameters)];
    const question = ['aendringer', [...kinds], root];
    const paging = new Paging(this.store.options.secret, ask, question, parameters);
    const { at, page } = paging.begin(...asked);
    const [before, after] = [await this.overviews.of(ask, at[0]!), await this.overviews.of(ask, at[1]!)];
    const within = root === null ? null : await this.within(ask, root, [before, after]);
    const changes = compareTrees(before.view.tree(), after.view.tree());
    const { data, naeste } = page(
      changes.filter(({ slags, enhed }) => kinds.has(slags) && (within === null || within.has(enhed))),
    );
    await this.disclosure.log(ask, 'oversigt', [
      { type: OrganisationEnhed, uuids: [...new Set(data.map(({ enhed }) => enhed))] },
      { type: OrganisationFunktion, uuids: [...new Set(data.flatMap(functionOf))] },
    ]);
    return { data: data.map((change) => told(change, before, after)), naeste };
  }

  /** What is under the unit at either moment. @throws Refusal 404 when it is there at neither. */
  private async within(ask: Ask, root: string, both: readonly Overview[]): Promise<ReadonlySet<string>> {
    const units = new Set(both.flatMap(({ view }) => [...view.subtree(root)]));
    if (units.size > 0) return units;
    await this.disclosure.log(ask, 'oversigt', [{ type: OrganisationEnhed, uuids: [root], allowed: false }]);
    throw notFound();
  }
}

/** With names beside the UUIDs of units, each as at its moment. */
function told(change: TreeChange, { view: before }: Overview, { view: after }: Overview): object {
  const { enhed } = change;
  const unit = namedUnit(after.unit(enhed) ? after : before, enhed);
  if (change.slags !== 'Flyttet') return { ...change, enhed: unit };
  const over = (view: Overview['view'], uuid: string | null): NamedUnit | null =>
    uuid === null ? null : namedUnit(view, uuid);
  return { ...change, enhed: unit, foer: over(before, change.foer), nu: over(after, change.nu) };
}
