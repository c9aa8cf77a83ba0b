import type { BulkItem, ObjectInput } from '@stoettesystemer/engine';

/** Since when what is seeded holds. */
export const SINCE = { fra: '2026-01-01T00:00:00Z' };

type Members = Readonly<Record<string, unknown>>;
type Said = Readonly<Record<string, Members | readonly Members[]>>;

const items = (said: Said = {}) =>
  Object.fromEntries(
    Object.entries(said).map(([facet, given]) => [
      facet,
      [given].flat().map((members) => ({ virkning: SINCE, ...members })),
    ]),
  );

/** An object of which everything holds from the beginning. */
export const seeded = (
  type: string,
  uuid: string,
  attributter: Said,
  more: { readonly tilstande?: Readonly<Record<string, string>>; readonly relationer?: Said } = {},
): Omit<BulkItem, 'line'> => ({
  type,
  uuid,
  input: {
    attributter: items(attributter),
    tilstande: items(
      Object.fromEntries(Object.entries(more.tilstande ?? {}).map(([name, vaerdi]) => [name, { vaerdi }])),
    ),
    relationer: items(more.relationer),
  } as ObjectInput,
});

export const pointing = (uuid: string) => ({ reference: { uuid } });
