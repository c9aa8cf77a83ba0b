import type { Change, FacetItems, Rule } from '@stoettesystemer/engine';
import { invalid, now, parseInstant, Refusal } from '@stoettesystemer/object';
import { isInCommand } from './in-command';
import { wrongStep } from './plan';

const FACETS = ['egenskaber', 'trin', 'registreret', 'status'] as const;

const stateIn = (items: FacetItems): unknown => items['status']?.at(-1)?.['vaerdi'] ?? 'Kladde';
const isSame = (a: FacetItems, b: FacetItems, facet: string): boolean =>
  JSON.stringify(a[facet] ?? []) === JSON.stringify(b[facet] ?? []);
const isDraft = (items: FacetItems): boolean =>
  (items['status'] ?? []).every(({ vaerdi }) => vaerdi === 'Kladde') &&
  (items['registreret'] ?? []).length === 0;

/** What is applied can be undone for as long as the plan is there. */
function checkEnd({ before }: Change): void {
  const start = parseInstant(String(before['egenskaber']?.at(-1)?.['ikrafttraeden'] ?? ''));
  if (stateIn(before) === 'Anvendt' && start !== null && start > now())
    throw wrongStep(
      'Planen er anvendt og ikke trådt i kraft. Fortryd den, før den slettes eller passiveres.',
    );
}

/**
 * A plan says that it has been applied or undone when it has been: only the commands write that. From then on it stands
 * as it was, for what it became is undone by what it says.
 */
export const planSteps: Rule = {
  types: ['Omorganisering'],
  facets: FACETS,
  check(change) {
    const { before, after, caller, action } = change;
    if (isInCommand(caller)) return;
    if (action === 'passiver' || action === 'slet') return checkEnd(change);
    if (isDraft(before)) {
      if (!isSame(before, after, 'registreret'))
        throw invalid(
          'registreret',
          '/attributter/registreret',
          'Tjenesten skriver selv, hvad planen blev til.',
        );
      if (!isDraft(after)) throw wrongStep('En plan anvendes med anvend og fortrydes med fortryd.');
    } else if (FACETS.some((facet) => !isSame(before, after, facet)))
      throw new Refusal(409, 'laast', 'En plan, der er anvendt, kan ikke ændres. Fortryd den, og lav en ny.');
  },
};
