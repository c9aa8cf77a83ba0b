import type { Declaration } from '@stoettesystemer/object';
import { type Assertions, assertionsOf, mergeInto } from './assertions';
import type { ObjectInput } from './ask';
import type { Sight } from './held';
import { type Assertion, bySlot, type Fact, type Piece, slotId } from './piece';
import { accessFacets } from './scopes';
import { type Difference, overlay, replace } from './timeline';

/** What a request will close and add, and the facts it has seen as they will stand. */
export interface Draft {
  readonly close: readonly Fact[];
  readonly add: readonly Piece[];
  readonly changed: readonly string[];
}

/** What holds of the seen facts after a draft. */
export const after = (facts: readonly Fact[], { close, add }: Draft): Piece[] => {
  const closed = new Set(close);
  return [...facts.filter((fact) => !closed.has(fact)), ...add];
};

const draftOf = (
  differences: readonly (Difference & { slot: Omit<Piece, 'period' | 'value' | 'about'> })[],
): Draft => {
  const close = differences.flatMap((difference) => difference.close);
  const add = differences.flatMap(({ add: spans, slot }) => spans.map((span) => ({ ...slot, ...span })));
  return { close, add, changed: [...new Set([...close, ...add].map(({ facet }) => facet))].sort() };
};

const slotOnly = ({ section, facet, slot }: Piece | Assertion) => ({ section, facet, slot });

/** What a Ret must see: the slots it speaks of, and whole facets where the request, the access or a rule needs them. */
export function sightOf(
  type: Declaration,
  input: ObjectInput,
  said: Assertions,
  ruleFacets: readonly string[],
): Sight {
  const touched = new Set([...said.assertions, ...said.sweeps].map(({ facet }) => facet));
  const whole = input.erstat ? Object.keys(input.relationer ?? {}) : [];
  const access = accessFacets(type);
  // Restrictions are worked out from all their facets together.
  const needed = access.some((facet) => touched.has(facet) || whole.includes(facet)) ? access : [];
  // Whether anything is left of what the type requires shows only in all of it.
  const required = said.assertions
    .filter(
      ({ facet, says }) =>
        says.kind === 'end' && type.relations[facet]?.many && type.relations[facet].required,
    )
    .map(({ facet }) => facet);
  return {
    slots: said.assertions,
    facets: [
      ...new Set([...whole, ...needed, ...required, ...ruleFacets, ...said.sweeps.map(({ facet }) => facet)]),
    ],
  };
}

/** Ret (contract §4). `facts` are those of the sight. */
export function draftChange(
  type: Declaration,
  input: ObjectInput,
  said: Assertions,
  facts: readonly Fact[],
): Draft {
  const replaced = new Set(input.erstat ? Object.keys(input.relationer ?? {}) : []);
  const swept = said.sweeps.flatMap(({ facet, rolle, period, sti }) =>
    [...bySlot(facts.filter((fact) => fact.facet === facet)).values()]
      .filter(([fact]) => rolle === null || fact!.slot.startsWith(`${rolle}|`))
      .map(([fact]): Assertion => ({ ...slotOnly(fact!), period, about: null, sti, says: { kind: 'end' } })),
  );
  const assertions = bySlot([...said.assertions, ...swept]);
  const held = bySlot(facts);
  const slots = new Map([...assertions].map(([id, [first]]) => [id, slotOnly(first!)]));
  for (const fact of facts) if (replaced.has(fact.facet)) slots.set(slotId(fact), slotOnly(fact));
  return draftOf(
    [...slots].map(([id, slot]) => {
      const facts = held.get(id) ?? [];
      const list = assertions.get(id) ?? [];
      const group = type.attributes[slot.facet];
      const difference = replaced.has(slot.facet)
        ? replace(facts, piecesOf(list))
        : overlay(facts, list, group ? mergeInto(group) : () => null);
      return { ...difference, slot };
    }),
  );
}

const piecesOf = (assertions: readonly Assertion[]): Piece[] =>
  assertions.flatMap(({ says, ...assertion }) =>
    says.kind === 'set'
      ? [
          {
            ...slotOnly(assertion as Assertion),
            period: assertion.period,
            about: assertion.about,
            value: says.value,
          },
        ]
      : [],
  );

/** Opret and Importer: the object is to be exactly this. */
export function draftWhole(type: Declaration, input: ObjectInput, facts: readonly Fact[]): Draft {
  const { assertions } = assertionsOf(type, input, 'whole');
  const wanted = bySlot(piecesOf(assertions));
  const held = bySlot(facts);
  const ids = new Set([...wanted.keys(), ...held.keys()]);
  return draftOf(
    [...ids].map((id) => {
      const [pieces, present] = [wanted.get(id) ?? [], held.get(id) ?? []];
      return { ...replace(present, pieces), slot: slotOnly((pieces[0] ?? present[0])!) };
    }),
  );
}
