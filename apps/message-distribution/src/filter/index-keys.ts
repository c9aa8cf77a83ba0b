import {
  type Attributes,
  type Filter,
  type Holds,
  LISTED,
  type Listed,
  listedValues,
  textOf,
} from './filter';
import { comparing } from './matches';

/** A condition that an index can find subscriptions by. */
export type Key =
  | { readonly kind: 'exact' | 'prefix'; readonly attribut: string; readonly vaerdi: string }
  | { readonly kind: 'liste'; readonly attribut: Listed; readonly uuid: string };

export interface Plan {
  /** Every event that passes has at least one of these; null when there is no such set, and every event must be tried. */
  readonly keys: readonly Key[] | null;
  /** What must still be tried of an event that has one of the keys. Empty when a key says it all. */
  readonly rest: readonly Filter[];
}

/** The fewer events that have a value, the better it is to find by; what is not named here is in between. */
const NARROWNESS: ReadonlyMap<string, number> = new Map([
  ['id', 9],
  ['subject', 9],
  ['relateretobjekt', 9],
  ['sequence', 9],
  ['beskedtype', 7],
  ['type', 7],
  ['opgaveemne', 6],
  ['objekttype', 5],
  ['objekthandling', 3],
  ['ansvarligmyndighed', 3],
  ['foelsomhed', 1],
  ['datacontenttype', 0],
  ['specversion', 0],
]);
const IN_BETWEEN = 4;
/** A filter with more keys than this costs more to keep in the index than to try. */
const MOST_KEYS = 200;

function narrowness(key: Key): number {
  const named = NARROWNESS.get(key.attribut) ?? IN_BETWEEN;
  if (key.kind !== 'prefix') return named * 10;
  return named * 10 - 5 - Math.max(0, 20 - key.vaerdi.length) / 20;
}
/** A set is as narrow as its widest key; of equals, the smaller set. */
const worth = (keys: readonly Key[]): number =>
  Math.min(100, ...keys.map(narrowness)) - keys.length / MOST_KEYS;

/** What a filter, or its opposite, is found by. `isWhole` when the keys say all that it says. */
interface Found {
  readonly keys: readonly Key[];
  readonly isWhole: boolean;
}

function best(found: readonly (Found | null)[]): Found | null {
  const usable = found.filter((each) => each !== null);
  const [first, ...others] = usable;
  if (!first) return null;
  const chosen = others.reduce((a, b) => (worth(b.keys) > worth(a.keys) ? b : a), first);
  return { keys: chosen.keys, isWhole: chosen.isWhole && found.length === 1 };
}

function together(found: readonly (Found | null)[]): Found | null {
  if (found.includes(null)) return null;
  const all = found as readonly Found[];
  const keys = [...new Map(all.flatMap((each) => each.keys).map((key) => [textOfKey(key), key])).values()];
  if (keys.length > MOST_KEYS) return null;
  return { keys, isWhole: all.every((each) => each.isWhole) };
}

/** The opposite of a comparison has nothing to be found by; of two opposites, `all` and `any` change places. */
function find(filter: Filter, isOpposite: boolean): Found | null {
  if ('not' in filter) return find(filter.not, !isOpposite);
  if ('all' in filter || 'any' in filter) {
    const parts = ('all' in filter ? filter.all : filter.any).map((each) => find(each, isOpposite));
    const isEvery = 'all' in filter;
    return isEvery === isOpposite ? together(parts) : best(parts);
  }
  if (isOpposite) return null;
  if ('vaerdiliste' in filter) return { keys: [{ kind: 'liste', ...filter.vaerdiliste }], isWhole: true };
  const [kind, comparisons] = comparing(filter)!;
  if (kind === 'suffix') return null;
  return best(
    Object.entries(comparisons).map(([attribut, vaerdi]) => ({
      keys: [{ kind, attribut, vaerdi }],
      isWhole: true,
    })),
  );
}

/** How a subscription's filters are found from an event, and what is left to try. */
export function planOf(filters: readonly Filter[]): Plan {
  const found = filters.map((filter) => find(filter, false));
  const chosen = best(found);
  if (!chosen) return { keys: null, rest: filters };
  const at = found.findIndex((each) => each?.keys === chosen.keys);
  return { keys: chosen.keys, rest: filters.filter((_, index) => index !== at || !found[at]!.isWhole) };
}

/** One text per key, so that keys can stand in a map or a column. */
export const textOfKey = (key: Key): string =>
  key.kind === 'liste' ? `l:${key.attribut}:${key.uuid}` : `${key.kind[0]}:${key.attribut}:${key.vaerdi}`;

/** Whether an event has a key. `holds` as in `matches`. */
export function hasKey(key: Key, attributes: Attributes, holds: Holds): boolean {
  if (key.kind === 'liste')
    return listedValues(attributes, key.attribut).some((value) => holds(key.uuid, value));
  const value = textOf(attributes, key.attribut);
  if (value === undefined) return false;
  return key.kind === 'exact' ? value === key.vaerdi : value.startsWith(key.vaerdi);
}

/** The values of an event that some list may hold, for one look-up of all lists: by attribute. */
export const valuesForLists = (attributes: Attributes): Readonly<Record<Listed, readonly string[]>> =>
  Object.fromEntries(LISTED.map((name) => [name, listedValues(attributes, name)])) as unknown as Readonly<
    Record<Listed, readonly string[]>
  >;
