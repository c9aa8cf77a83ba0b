import fc from 'fast-check';
import type { Attributes, Filter } from '../filter';

/** Few names and short texts of few letters, so that filters and events often meet. */
const NAMES = ['type', 'subject', 'relateretobjekt', 'constructor'] as const;
const name = fc.constantFrom(...NAMES);
const text = fc.constantFrom('a', 'b', 'ab', 'a,b', 'b,a');
export const LISTS = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];

const comparisons = fc.dictionary(name, text, { minKeys: 1, maxKeys: 2 });

export const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ exact: comparisons }),
    fc.record({ prefix: comparisons }),
    fc.record({ suffix: comparisons }),
    fc.record({
      vaerdiliste: fc.record({
        attribut: fc.constantFrom('subject' as const, 'relateretobjekt' as const),
        uuid: fc.constantFrom(...LISTS),
      }),
    }),
    fc.record({ all: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('filter') }),
  ),
}));

export const filters = fc.array(filter, { maxLength: 3 });

export const attributes: fc.Arbitrary<Attributes> = fc.dictionary(
  name,
  fc.oneof({ weight: 6, arbitrary: text }, fc.constantFrom(true, 1, undefined)),
  { minKeys: 2 },
);

/** Which values each list holds. */
export const holdings = fc
  .array(fc.tuple(fc.constantFrom(...LISTS), fc.constantFrom('a', 'b', 'ab')), { maxLength: 6 })
  .map((pairs) => {
    const held = new Set(pairs.map((pair) => pair.join(' ')));
    return (list: string, value: string) => held.has(`${list} ${value}`);
  });
