import type { Attributes, Holds } from '../filter/filter';
import { valuesForLists } from '../filter/index-keys';
import type { Statement } from '@stoettesystemer/postgres';

/** What a batch of events is held against lists for: pairs of a municipality and a value. */
export class ListedValues {
  private readonly wanted = new Set<string>();
  private readonly found = new Map<string, Set<string>>();

  want(owner: string, attributes: Attributes): void {
    for (const value of valuesOf(attributes)) this.wanted.add(`${owner} ${value}`);
  }

  get isEmpty(): boolean {
    return this.wanted.size === 0;
  }

  /** Looks all of them up at once, each by the key. */
  get lookup(): Statement {
    const pairs = [...this.wanted].map((pair) => [Number(pair.slice(0, 8)), pair.slice(9)] as const);
    return {
      name: 'list-lookup',
      text: `select v.owner, v.list, v.value from unnest($1::int[], $2::text[]) g (owner, value)
        join list_value v on v.owner = g.owner and v.value = g.value`,
      values: [pairs.map(([owner]) => owner), pairs.map(([, value]) => value)],
    };
  }

  /** @param isLive whether a list is registered still. */
  learn(
    rows: readonly Readonly<Record<string, unknown>>[],
    isLive: (owner: string, list: string) => boolean,
  ): void {
    for (const { owner, list, value } of rows) {
      const cvr = String(owner).padStart(8, '0');
      if (!isLive(cvr, list as string)) continue;
      const key = `${cvr} ${String(value)}`;
      let lists = this.found.get(key);
      if (!lists) this.found.set(key, (lists = new Set()));
      lists.add(list as string);
    }
  }

  /** The municipality's lists that hold some value of the event. */
  *listsFor(owner: string, attributes: Attributes): Iterable<string> {
    for (const value of valuesOf(attributes)) yield* this.found.get(`${owner} ${value}`) ?? [];
  }

  holdsFor(owner: string): Holds {
    return (list, value) => this.found.get(`${owner} ${value}`)?.has(list) ?? false;
  }
}

function* valuesOf(attributes: Attributes): Iterable<string> {
  for (const values of Object.values(valuesForLists(attributes))) yield* values;
}
