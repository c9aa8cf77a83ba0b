import { Readable } from 'node:stream';
import fc from 'fast-check';
import { batchesOf, type Line } from './lines';

const LIMITS = { lineSize: 12, batchLines: 3, batchSize: 30 };

/** As it would be done with all of it in hand. */
const naive = (bytes: Buffer): (readonly [number, string | null])[] =>
  bytes
    .toString('latin1')
    .split('\n')
    .map((text, at) => [at + 1, text.length > LIMITS.lineSize ? null : text] as const)
    .filter(([, text]) => text === null || /[^ \t\r]/.test(text));

const cut = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const places = [...new Set(at.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...places, bytes.length]
    .map((end, n) => bytes.subarray(places[n - 1] ?? 0, end))
    .filter(({ length }) => length > 0);
};

const byte = fc.constantFrom(...'ab \t\r\n\n{"å'.split('')).map((character) => character.charCodeAt(0));

test('however it arrives, the lines are the same, in batches that keep their limits', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(byte, { maxLength: 200 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      async (codes, places) => {
        const bytes = Buffer.from(codes);
        const lines: Line[] = [];
        for await (const batch of batchesOf(
          Readable.from(cut(bytes, places), { objectMode: true }),
          LIMITS,
        )) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(LIMITS.batchLines);
          lines.push(...batch);
        }
        expect(lines.map(({ number, bytes: line }) => [number, line?.toString('latin1') ?? null])).toEqual(
          naive(bytes),
        );
      },
    ),
    { numRuns: 500 },
  );
});
