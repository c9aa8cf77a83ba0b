import { holds } from '@stoettesystemer/access';
import type { AsOf, Ask, ObjectStore } from '@stoettesystemer/engine';
import { type Declaration, isUuid } from '@stoettesystemer/object';

type Item = Readonly<Record<string, unknown>>;

/** An object as a plain read shows it. */
export interface PlainObject {
  readonly uuid: string;
  readonly attributter: Readonly<Record<string, readonly Item[]>>;
  readonly relationer: Readonly<Record<string, readonly (Item & { reference: { uuid?: string } })[]>>;
  readonly advarsler?: readonly { readonly sti: string; readonly besked: string }[];
}

/** As many as one read takes. */
const MOST = 500;

/**
 * Objects by plain reads, with all that follows: rights, what is withheld, the security log. Of a type that the caller
 * may not read at all there are none, and nothing is asked.
 */
export async function plainly(
  store: ObjectStore,
  ask: Ask,
  type: Declaration,
  references: Iterable<string>,
  at: AsOf,
): Promise<ReadonlyMap<string, PlainObject>> {
  const uuids = [...new Set(references)].filter(isUuid);
  const found = new Map<string, PlainObject>();
  if (uuids.length === 0 || !holds(ask.caller, type, 'laes')) return found;
  for (let from = 0; from < uuids.length; from += MOST)
    for (const { uuid, body } of await store.readMany(ask, type, uuids.slice(from, from + MOST), at))
      found.set(uuid, JSON.parse(body) as PlainObject);
  return found;
}

/** A text among its own members; null when it is withheld or not there. */
export const textOf = (object: PlainObject | undefined, member: string): string | null => {
  const value = object?.attributter['egenskaber']?.[0]?.[member];
  return typeof value === 'string' ? value : null;
};

/** UUIDs that it points at. */
export const targetsOf = (object: PlainObject | undefined, facet: string): string[] =>
  (object?.relationer[facet] ?? []).flatMap(({ reference: { uuid } }) => uuid ?? []);
