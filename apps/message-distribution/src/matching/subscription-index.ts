import { type Attributes, type Filter, type Holds, textOf } from '../filter/filter';
import { type Key, planOf } from '../filter/index-keys';
import { matches } from '../filter/matches';
import { listsIn } from '../filter/parse-filters';
import type { Subscription } from './registered-objects';

interface Indexed {
  readonly subscription: Subscription;
  readonly keys: readonly Key[] | null;
  /** What its keys do not say. */
  readonly rest: readonly Filter[];
}

type Bucket = Set<Indexed>;

/** Finds by the beginnings of a value: one look-up for each length that a beginning has. */
class Prefixes {
  private readonly byText = new Map<string, Bucket>();
  private readonly lengths = new Map<number, number>();

  add(text: string, indexed: Indexed): void {
    bucketIn(this.byText, text).add(indexed);
    this.lengths.set(text.length, (this.lengths.get(text.length) ?? 0) + 1);
  }

  remove(text: string, indexed: Indexed): void {
    dropFrom(this.byText, text, indexed);
    const left = this.lengths.get(text.length)! - 1;
    if (left > 0) this.lengths.set(text.length, left);
    else this.lengths.delete(text.length);
  }

  *of(value: string): Iterable<Bucket> {
    for (const length of this.lengths.keys()) {
      const found = length <= value.length && this.byText.get(value.slice(0, length));
      if (found) yield found;
    }
  }
}

/** The subscriptions of one municipality, each under the narrowest of what it asks. */
class OfOwner {
  private readonly exact = new Map<string, Map<string, Bucket>>();
  private readonly prefixes = new Map<string, Prefixes>();
  private readonly lists = new Map<string, Bucket>();
  /** Those that nothing is known to find by: tried for every event. */
  private readonly others: Bucket = new Set();
  private askingLists = 0;

  add(indexed: Indexed): void {
    if (asksList(indexed)) this.askingLists++;
    if (indexed.keys === null) this.others.add(indexed);
    for (const key of indexed.keys ?? []) {
      if (key.kind === 'liste') bucketIn(this.lists, key.uuid).add(indexed);
      else if (key.kind === 'exact') bucketIn(mapIn(this.exact, key.attribut), key.vaerdi).add(indexed);
      else prefixesIn(this.prefixes, key.attribut).add(key.vaerdi, indexed);
    }
  }

  remove(indexed: Indexed): void {
    if (asksList(indexed)) this.askingLists--;
    this.others.delete(indexed);
    for (const key of indexed.keys ?? []) {
      if (key.kind === 'liste') dropFrom(this.lists, key.uuid, indexed);
      else if (key.kind === 'exact') dropFrom(mapIn(this.exact, key.attribut), key.vaerdi, indexed);
      else prefixesIn(this.prefixes, key.attribut).remove(key.vaerdi, indexed);
    }
  }

  /** Whether any of their filters asks a list. */
  get asksLists(): boolean {
    return this.askingLists > 0;
  }

  /** All that can match; the same one several times when it has several keys. */
  *candidates(attributes: Attributes, lists: Iterable<string>): Iterable<Indexed> {
    yield* this.others;
    for (const [name, byValue] of this.exact) {
      const value = textOf(attributes, name);
      if (value !== undefined) yield* byValue.get(value) ?? [];
    }
    for (const [name, prefixes] of this.prefixes) {
      const value = textOf(attributes, name);
      if (value !== undefined) for (const bucket of prefixes.of(value)) yield* bucket;
    }
    for (const uuid of lists) yield* this.lists.get(uuid) ?? [];
  }
}

/**
 * Subscriptions found by what an event has, so that the cost of an event follows those that it is for and not how many
 * there are. What a filter is found by is decided in `filter/index-keys.ts`; what is found is tried against the rest.
 */
export class SubscriptionIndex {
  private readonly owners = new Map<string, OfOwner>();
  private readonly known = new Map<string, Indexed>();
  private readonly byMailbox = new Map<string, Map<string, Subscription>>();

  get size(): number {
    return this.known.size;
  }

  /** CVRs of the municipalities that have any. */
  get municipalities(): Iterable<string> {
    return this.owners.keys();
  }

  /** Whether what the municipality's lists hold matters at all. */
  asksLists(owner: string): boolean {
    return this.owners.get(owner)?.asksLists ?? false;
  }

  /** Those of one dueslag. */
  of(mailbox: string): Iterable<Subscription> {
    return this.byMailbox.get(mailbox)?.values() ?? [];
  }

  add(subscription: Subscription): void {
    const indexed: Indexed = { subscription, ...planOf(subscription.filters) };
    let of = this.owners.get(subscription.owner);
    if (!of) this.owners.set(subscription.owner, (of = new OfOwner()));
    of.add(indexed);
    let together = this.byMailbox.get(subscription.mailbox);
    if (!together) this.byMailbox.set(subscription.mailbox, (together = new Map()));
    together.set(subscription.uuid, subscription);
    this.known.set(subscription.uuid, indexed);
  }

  remove(uuid: string): void {
    const indexed = this.known.get(uuid);
    if (!indexed) return;
    this.known.delete(uuid);
    this.byMailbox.get(indexed.subscription.mailbox)?.delete(uuid);
    this.owners.get(indexed.subscription.owner)?.remove(indexed);
  }

  /**
   * The municipality's subscriptions that take an event.
   * @param lists UUIDs of the municipality's lists that hold some value of the event; `holds` says which value.
   */
  matching(
    owner: string,
    attributes: Attributes,
    lists: Iterable<string>,
    holds: Holds,
  ): ReadonlySet<Subscription> {
    const found = new Set<Subscription>();
    const tried = new Set<Indexed>();
    for (const indexed of this.owners.get(owner)?.candidates(attributes, lists) ?? []) {
      if (tried.has(indexed)) continue;
      tried.add(indexed);
      if (takes(indexed, attributes, holds)) found.add(indexed.subscription);
    }
    return found;
  }
}

const asksList = ({ subscription: { filters } }: Indexed): boolean => listsIn(filters).size > 0;

/** A list is asked by attribute, and which of an event's values it held is not told by where it was found. */
const takes = ({ keys, rest, subscription }: Indexed, attributes: Attributes, holds: Holds): boolean =>
  matches(keys?.some(({ kind }) => kind === 'liste') ? subscription.filters : rest, attributes, holds);

function bucketIn(map: Map<string, Bucket>, key: string): Bucket {
  let bucket = map.get(key);
  if (!bucket) map.set(key, (bucket = new Set()));
  return bucket;
}
function mapIn(map: Map<string, Map<string, Bucket>>, key: string): Map<string, Bucket> {
  let inner = map.get(key);
  if (!inner) map.set(key, (inner = new Map<string, Bucket>()));
  return inner;
}
function prefixesIn(map: Map<string, Prefixes>, key: string): Prefixes {
  let prefixes = map.get(key);
  if (!prefixes) map.set(key, (prefixes = new Prefixes()));
  return prefixes;
}
function dropFrom(map: Map<string, Bucket>, key: string, indexed: Indexed): void {
  const bucket = map.get(key);
  bucket?.delete(indexed);
  if (bucket?.size === 0) map.delete(key);
}
