import { LEVELS } from '@stoettesystemer/access';
import type { Change, Rule } from '@stoettesystemer/engine';
import { invalid, Refusal } from '@stoettesystemer/object';
import { isInternal } from '../internal-caller';
import { isDraft } from './agreement-state';
import { AgreementTimeline, type Content, FACETS, type Slice } from './agreement-timeline';
import { Catalogue } from './catalogue';

const HIGHEST = LEVELS.at(-1)!;
const STI = '/attributter/anmodning/0/af';

/**
 * O15: an agreement that reaches the most sensitive cases, or all municipalities, is asked for by one and approved by
 * another. `af` names the one who asked; that nobody names somebody else is seen to here.
 */
export const fourEyes: Rule = {
  types: ['Serviceaftale'],
  facets: FACETS,
  async check(change: Change) {
    // What the service writes by itself is from its operator: those who are there before anybody else is.
    if (change.action === 'passiver' || change.action === 'slet' || isInternal(change.caller)) return;
    const before = new AgreementTimeline(change.before);
    const after = new AgreementTimeline(change.after);
    const catalogue = new Catalogue(change);
    await checkRequest(change, catalogue, before, after);
    await checkApproval(change, catalogue, before, after);
  },
};

async function checkRequest(
  { caller }: Change,
  catalogue: Catalogue,
  before: AgreementTimeline,
  { last, requestText, request }: AgreementTimeline,
): Promise<void> {
  const isAskedBefore = !before.isNew && !isDraft(before.last) && before.requestText === requestText;
  if (!request || isDraft(last) || isAskedBefore || request.by === caller.subject) return;
  if (request.by === null && !(await needsTwo(catalogue, request))) return;
  throw invalid('anmoder', STI, `Skriv i af, hvem der beder: ${caller.subject}.`);
}

async function checkApproval(
  { caller }: Change,
  catalogue: Catalogue,
  before: AgreementTimeline,
  after: AgreementTimeline,
): Promise<void> {
  const edges = [...before.edges, ...after.edges];
  const were = before.slices(edges);
  for (const [at, slice] of after.slices(edges).entries()) {
    if (!givesMore(were[at]!, slice) || !(await needsTwo(catalogue, slice.content))) continue;
    const by = before.request?.by ?? null;
    if (by === null)
      throw new Refusal(
        403,
        'fire_oejne',
        'Der skal to til: en, der beder om aftalen, og en, der godkender den.',
      );
    if (by === caller.subject)
      throw new Refusal(403, 'fire_oejne', 'Den, der har bedt om aftalen, kan ikke selv godkende den.');
  }
}

/** Test agreements are for made-up citizens. */
const givesMore = (was: Slice, { status, isTest, content }: Slice): boolean =>
  status === 'Aktiv' &&
  !isTest &&
  !(was.status === 'Aktiv' && !was.isTest && JSON.stringify(was.content) === JSON.stringify(content));

async function needsTwo(catalogue: Catalogue, { roles, limits }: Content): Promise<boolean> {
  for (const { id, servicesystemrolle } of roles) {
    const role = await catalogue.role(servicesystemrolle);
    if (!role) continue;
    if (role.isCrossing) return true;
    for (const type of role.carries.keys()) {
      if ((await catalogue.restriction(type))?.dimension !== 'foelsomhed') continue;
      const limit = limits.find(
        ({ rolleId, dataafgraensningstype }) => rolleId === id && dataafgraensningstype === type,
      );
      // No restriction at all reaches as far as the highest.
      if (!limit || limit.vaerdier?.some((value) => value === '*' || value === HIGHEST)) return true;
    }
  }
  return false;
}
