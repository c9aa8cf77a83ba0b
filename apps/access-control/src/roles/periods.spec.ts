import type { FacetItem, FacetItems } from '@stoettesystemer/engine';
import fc from 'fast-check';
import { metadataFault } from './metadata';
import { contentOf, edgesOf, holdingAt, newItems, sliceAt } from './periods';
import { readCertificate, readJwk } from './public-key';

const YEARS = [2000, 2010, 2020, 2030, 2040];
const instantOf = (year: number): string => `${year}-01-01T00:00:00Z`;
const item: fc.Arbitrary<FacetItem> = fc
  .record({
    from: fc.integer({ min: 0, max: YEARS.length - 2 }),
    length: fc.integer({ min: 1, max: YEARS.length }),
    value: fc.constantFrom('a', 'b'),
  })
  .map(({ from, length, value }) => {
    const end = YEARS[from + length];
    const til = end === undefined ? null : instantOf(end);
    return { virkning: { fra: instantOf(YEARS[from]!), til }, value };
  });
const facets: fc.Arbitrary<FacetItems> = fc.record({ x: fc.array(item, { maxLength: 4 }) });

test('between two edges nothing changes', () => {
  fc.assert(
    fc.property(facets, facets, (before, after) => {
      const edges = edgesOf(before, after);
      for (const [at, edge] of edges.entries()) {
        const until = (edges[at + 1] ?? edge + 2n) - 1n;
        for (const each of [before, after]) expect(sliceAt(each, edge)).toEqual(sliceAt(each, until));
      }
    }),
  );
});

test('what is new says at some moment what was not said then; what is not new never does', () => {
  fc.assert(
    fc.property(facets, facets, (before, after) => {
      const fresh = new Set(newItems({ action: 'ret', before, after }, 'x'));
      for (const each of after['x']!) {
        if (fresh.has(each)) continue;
        for (const edge of edgesOf({ x: [each] }, before))
          if (holdingAt([each], edge).length > 0)
            expect(holdingAt(before['x'], edge).map(contentOf)).toContain(contentOf(each));
      }
      expect(newItems({ action: 'ret', before: after, after }, 'x')).toEqual([]);
      expect(newItems({ action: 'importer', before: after, after }, 'x')).toEqual(after['x']);
    }),
  );
});

test('T46: whatever is sent as a key, a certificate or metadata is read or refused in words', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.string().map((each) => `-----BEGIN CERTIFICATE-----\n${each}\n-----END CERTIFICATE-----`),
    fc.string().map((each) => `<a b="${each}">${each}</a>`),
  );
  fc.assert(
    fc.property(text, (each) => {
      expect(readJwk(each, 'k')).toEqual({ fault: expect.any(String) as string });
      expect(readCertificate(each)).toEqual({ fault: expect.any(String) as string });
      expect(metadataFault(each)).toEqual(expect.any(String));
    }),
    { numRuns: 500 },
  );
});
