import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Ask, type AsOf, type Expression, ObjectStore } from '@stoettesystemer/engine';
import { Dataafgraensningstype, ItSystem, Service, Servicesystemrolle } from '@stoettesystemer/model';
import type { Declaration, Facets } from '@stoettesystemer/object';
import { internalCaller } from '../internal-caller';

/** An object of a type, as it is read. */
export type Registered<D extends Declaration> = Facets<D> & {
  readonly uuid: string;
  readonly ejer: string;
  readonly registrering: { readonly nummer: number };
};

interface Page<D extends Declaration> {
  readonly data: readonly Registered<D>[];
  readonly naeste: string | null;
}

/** Objects of a page that is read to its end. */
const PAGE = 500;
const NOW: AsOf = { virkning: 'nu', registrering: 'nu' };

const asOurselves = (owner: string): Ask => ({
  caller: internalCaller(owner),
  transaction: randomUUID(),
});

/** Reads objects of the declared types, for a caller or for the service itself. */
@Injectable()
export class Reader {
  constructor(private readonly store: ObjectStore) {}

  /** Everything that fits. */
  async all<D extends Declaration>(
    ask: Ask,
    type: D,
    udtryk: Expression | null,
    at: AsOf = NOW,
  ): Promise<Registered<D>[]> {
    const found: Registered<D>[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<D> = await this.page(ask, type, udtryk, { limit: PAGE, cursor }, at);
      found.push(...page.data);
      cursor = page.naeste;
    } while (cursor !== null);
    return found;
  }

  async page<D extends Declaration>(
    ask: Ask,
    type: D,
    udtryk: Expression | null,
    { limit, cursor }: { limit: number; cursor: string | null },
    at: AsOf = NOW,
  ): Promise<Page<D>> {
    const query = { udtryk, sorter: [], vis: null, limit, cursor, antal: false };
    const { data, naeste } = await this.store.search(ask, type, query, at);
    return { data: data.map((body) => JSON.parse(body) as Registered<D>), naeste };
  }

  /** What the catalogue says now of these, which every municipality may know. */
  async catalogue(
    owner: string,
    uuids: { systems: readonly string[]; services: readonly string[]; roles: readonly string[] },
    restrictions: readonly string[],
  ) {
    const [systems, services, roles, types] = await Promise.all([
      this.many(owner, ItSystem, uuids.systems),
      this.many(owner, Service, uuids.services),
      this.many(owner, Servicesystemrolle, uuids.roles),
      restrictions.length === 0
        ? []
        : this.all(asOurselves(owner), Dataafgraensningstype, {
            felt: 'entityId',
            iblandt: [...new Set(restrictions)],
          }),
    ]);
    return { systems, services, roles, types };
  }

  async many<D extends Declaration>(
    owner: string,
    type: D,
    uuids: readonly string[],
  ): Promise<Registered<D>[]> {
    const wanted = [...new Set(uuids)];
    const found: Registered<D>[] = [];
    for (let from = 0; from < wanted.length; from += PAGE) {
      const part = await this.store.readMany(asOurselves(owner), type, wanted.slice(from, from + PAGE), NOW);
      found.push(...part.map(({ body }) => JSON.parse(body) as Registered<D>));
    }
    return found;
  }
}
