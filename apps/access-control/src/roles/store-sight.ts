import { randomUUID } from 'node:crypto';
import type { AsOf, FacetItems, ObjectStore } from '@stoettesystemer/engine';
import { accessControlTypes } from '@stoettesystemer/model';
import { type Declaration, type Instant, Refusal } from '@stoettesystemer/object';
import { internalCaller } from '../internal-caller';
import type { Sight } from './catalogue';

const MOST = 500;

const typeOf = (name: string): Declaration => {
  const found = accessControlTypes.find((type) => type.name === name);
  if (!found) throw new Error(`No type ${name}`);
  return found;
};

/** An object as JSON text, with its facets by name. */
export function facetsOf(body: string): FacetItems {
  const { attributter, tilstande, relationer } = JSON.parse(body) as Record<string, FacetItems | undefined>;
  return { ...attributter, ...tilstande, ...relationer };
}

/** What a municipality may see, now or as it was known at a moment; each object is read once. */
export class StoreSight implements Sight {
  /** What has been looked at: the UUID, and of which type. */
  readonly seen = new Map<string, Declaration>();
  private readonly known = new Map<string, Promise<FacetItems | null>>();
  private readonly found = new Map<string, Promise<{ uuid: string }[]>>();

  constructor(
    private readonly store: ObjectStore,
    private readonly owner: string,
    private readonly knownAt: Instant | null = null,
  ) {}

  look(name: string, uuid: string): Promise<FacetItems | null> {
    const type = typeOf(name);
    this.seen.set(uuid, type);
    let facets = this.known.get(uuid);
    if (!facets) this.known.set(uuid, (facets = this.read(type, uuid)));
    return facets;
  }

  find(type: string, field: string, value: string): Promise<{ uuid: string }[]> {
    const key = `${type} ${field} ${value}`;
    let found = this.found.get(key);
    if (!found) this.found.set(key, (found = this.search(typeOf(type), field, value)));
    return found;
  }

  get ask() {
    return { caller: internalCaller(this.owner), transaction: randomUUID() };
  }

  private get at(): AsOf {
    return { virkning: 'alle', registrering: this.knownAt === null ? 'nu' : { at: this.knownAt } };
  }

  private async read(type: Declaration, uuid: string): Promise<FacetItems | null> {
    try {
      return facetsOf((await this.store.read(this.ask, type, uuid, this.at)).body);
    } catch (cause) {
      if (cause instanceof Refusal && cause.status === 404) return null;
      throw cause;
    }
  }

  private async search(type: Declaration, field: string, value: string): Promise<{ uuid: string }[]> {
    const udtryk = { felt: field.replace('egenskaber.', ''), lig: value };
    const query = { udtryk, sorter: [], vis: 'uuid', limit: MOST, cursor: null, antal: false } as const;
    const { data } = await this.store.search(this.ask, type, query, this.at);
    return data.map((text) => ({ uuid: JSON.parse(text) as string }));
  }
}
