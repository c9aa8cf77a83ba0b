import { randomUUID } from 'node:crypto';
import type { AsOf, Ask, Expression, ObjectStore } from '@stoettesystemer/engine';
import { type Declaration, type Facets, type Instant, Refusal } from '@stoettesystemer/object';
import { internalCaller } from '../internal-caller';

/** An object of a declared type, its whole virkning history, as the store gives it. */
export type Registered<D extends Declaration> = Facets<D> & { readonly uuid: string; readonly ejer: string };

/** The most that one look-up gives. No role has so many restrictions, and no system so many agreements with one. */
const MOST = 500;

/** To go on with a part of what is registered would be to decide on something else. */
const tooMany = ({ name }: Declaration): Error => new Error(`More than ${MOST} of ${name} for one question`);

/** Objects of Adgangsstyring, own and common to a municipality, as known at a registration time (null: now). */
export class Registry {
  constructor(
    private readonly store: ObjectStore,
    private readonly known: Instant | null,
  ) {}

  private get at(): AsOf {
    return { virkning: 'alle', registrering: this.known === null ? 'nu' : { at: this.known } };
  }

  private ask(owner: string): Ask {
    return { caller: internalCaller(owner), transaction: randomUUID() };
  }

  async read<D extends Declaration>(owner: string, type: D, uuid: string): Promise<Registered<D> | null> {
    try {
      return JSON.parse((await this.store.read(this.ask(owner), type, uuid, this.at)).body) as Registered<D>;
    } catch (cause) {
      if (cause instanceof Refusal && cause.status === 404) return null;
      throw cause;
    }
  }

  async readMany<D extends Declaration>(
    owner: string,
    type: D,
    uuids: readonly string[],
  ): Promise<Registered<D>[]> {
    if (uuids.length === 0) return [];
    const wanted = [...new Set(uuids)];
    if (wanted.length > MOST) throw tooMany(type);
    const found = await this.store.readMany(this.ask(owner), type, wanted, this.at);
    return found.map(({ body }) => JSON.parse(body) as Registered<D>);
  }

  async search<D extends Declaration>(owner: string, type: D, udtryk: Expression): Promise<Registered<D>[]> {
    const query = { udtryk, sorter: [], vis: null, limit: MOST, cursor: null, antal: false };
    const { data, naeste } = await this.store.search(this.ask(owner), type, query, this.at);
    if (naeste !== null) throw tooMany(type);
    return data.map((body) => JSON.parse(body) as Registered<D>);
  }
}
