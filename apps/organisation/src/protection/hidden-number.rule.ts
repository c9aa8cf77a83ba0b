import type { Rule } from '@stoettesystemer/engine';
import { organisationTypes, Person } from '@stoettesystemer/model';
import { type Declaration, invalid, type Reference } from '@stoettesystemer/object';

const types = organisationTypes as readonly Declaration[];
/** Relations that point at persons. */
const RELATIONS = [
  ...new Set(
    types.flatMap(({ relations }) =>
      Object.entries(relations).flatMap(([name, { targets }]) =>
        targets.includes(Person.name) ? [name] : [],
      ),
    ),
  ),
];
const TEN_DIGITS = /^\d{6}-?\d{4}$/;
const isNumber = ({ urn = '' }: { readonly urn?: string }): boolean => /:cpr/i.test(urn);

/**
 * A CPR number stands in the one member that is shown to those only whose agreement gives it. A reference and a key are
 * shown to everybody, so that a person is pointed at by UUID, and no key looks like a number: to ask whether it is this
 * person's would tell whoever guesses.
 */
export const hiddenNumber: Rule = {
  types: types
    .filter(
      ({ name, relations }) => name === Person.name || RELATIONS.some((relation) => relation in relations),
    )
    .map(({ name }) => name),
  facets: ['egenskaber', ...RELATIONS],
  check({ type, after }) {
    for (const relation of RELATIONS)
      for (const { reference } of after[relation] ?? [])
        if (isNumber(reference as Reference & { urn?: string }))
          throw invalid(
            'cpr_nummer',
            `/relationer/${relation}`,
            'Peg på personen med UUID, ikke med CPR-nummer.',
          );
    if (type.name !== Person.name) return;
    for (const { brugervendtNoegle } of after['egenskaber'] ?? [])
      if (TEN_DIGITS.test(String(brugervendtNoegle)))
        throw invalid(
          'cpr_nummer',
          '/attributter/egenskaber/brugervendtNoegle',
          'En persons nøgle vises for alle og må ikke ligne et CPR-nummer.',
        );
  },
};
