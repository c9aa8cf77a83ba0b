import { holdsPrivilege, LEVELS } from '@stoettesystemer/access';
import type { Change, FacetItem, FacetItems, Rule } from '@stoettesystemer/engine';
import { type Instant, invalid, now, Refusal } from '@stoettesystemer/object';
import { Catalogue, type Sight } from '../catalogue';
import { edgesOf, isSame, sliceAt, textOf, textsOf } from '../periods';

export const APPROVE = 'adgangsstyring:godkend-rolle';

const CONTENT = ['egenskaber', 'rolle', 'afgraensning'];
const HIGHEST = LEVELS.at(-1)!;
const STI = '/tilstande/godkendelse';

/**
 * T40, O15: a role that reaches the most sensitive cases, or one that its vendor wants two for, is approved by another
 * than those who have changed it since it was last approved. `aendring` names them; that nobody leaves himself out is
 * seen to here. Where nothing is said of the state, it is approved; so something must be said where two are needed.
 */
export const approval: Rule = {
  types: ['Jobfunktionsrolle'],
  facets: [...CONTENT, 'godkendelse', 'aendring'],
  async check(change: Change) {
    const { action, before, after } = change;
    if (action === 'passiver' || action === 'slet') return;
    for (const at of edgesOf(before, after)) {
      const slice = sliceAt(after, at);
      const former = sliceAt(before, at);
      if (isSame(slice, former, this.facets) || !(await needsTwo(change, slice, at))) continue;
      judge(change, former, slice);
    }
  },
};

/** Whether two are needed for what a role holds at a moment. */
export async function needsTwo(sight: Sight, slice: FacetItems, at: Instant): Promise<boolean> {
  const present = now();
  const catalogue = new Catalogue(sight, at > present ? at : present);
  for (const item of slice['rolle'] ?? []) {
    const role = await catalogue.role((textOf(item, 'brugersystemrolle') ?? '').toLowerCase());
    if (!role) continue;
    if (role.needsApproval) return true;
    const own = (slice['afgraensning'] ?? []).filter(
      (limit) => textOf(limit, 'rolleId') === textOf(item, 'id'),
    );
    for (const { type } of role.carries) {
      if ((await catalogue.type(type))?.dimension !== 'foelsomhed') continue;
      const limit = own.find((each) => textOf(each, 'dataafgraensningstype') === type);
      if (isHighest(limit)) return true;
    }
  }
  return false;
}

/** All, whatever the IdP says, or no restriction at all: each may be the highest. */
const isHighest = (limit: FacetItem | undefined): boolean =>
  !limit ||
  limit['dynamisk'] === true ||
  textsOf(limit, 'vaerdier').some((value) => value === '*' || value === HIGHEST);

const stateOf = (slice: FacetItems): string => textOf(slice['godkendelse']?.[0], 'vaerdi') ?? 'Godkendt';
const authorsOf = (slice: FacetItems): readonly string[] => textsOf(slice['aendring']?.[0], 'af');

function judge({ caller }: Change, former: FacetItems, slice: FacetItems): void {
  const [was, is] = [stateOf(former), stateOf(slice)];
  const isNew = !isSame(former, slice, CONTENT);
  const wasApproved = was === 'Godkendt';
  if (!isNew && wasApproved) return;
  const authors = authorsOf(slice);
  const known = wasApproved ? [] : authorsOf(former);
  if (known.some((each) => !authors.includes(each)))
    throw invalid('aendring', '/attributter/aendring', 'De, der har ændret rollen, kan ikke tages bort.');
  if (isNew || (was === 'Afvist' && is !== 'Afvist')) {
    if (is !== 'AfventerGodkendelse')
      throw invalid('godkendelse', STI, 'Rollen skal godkendes af en anden: skriv AfventerGodkendelse.');
    if (!authors.includes(caller.subject))
      throw invalid(
        'aendring',
        '/attributter/aendring',
        `Skriv i aendring, hvem der ændrer: ${caller.subject}.`,
      );
    return;
  }
  if (is === was) return;
  if (!holdsPrivilege(caller, APPROVE))
    throw new Refusal(403, 'ingen_rettighed', `Aftalen giver ikke ret til ${APPROVE}.`);
  if (known.includes(caller.subject))
    throw new Refusal(403, 'fire_oejne', 'Den, der har ændret rollen, kan ikke selv godkende den.');
}
