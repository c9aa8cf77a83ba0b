import type { Ask, AsOf, ObjectStore } from '@stoettesystemer/engine';
import { OrganisationEnhed, organisationTypes } from '@stoettesystemer/model';
import { type Declaration, type Instant } from '@stoettesystemer/object';
import { KnownObject } from './known-object';

/** Relations by which one object points at a unit, of every type that has such. */
export const POINTERS: readonly { readonly type: Declaration; readonly facet: string }[] = (
  organisationTypes as readonly Declaration[]
).flatMap((type) =>
  Object.entries(type.relations)
    .filter(([, { targets, search }]) => targets.includes(OrganisationEnhed.name) && search)
    .map(([facet]) => ({ type, facet })),
);

/** Units of one question; each is an operand. */
const UNITS = 500;
const PAGE = 500;

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));

/** The organisation as it is registered, as far as the one who asks may see. */
export class Registry {
  constructor(
    private readonly store: ObjectStore,
    private readonly ask: Ask,
  ) {}

  /** Objects with their whole virkning; those that are not there are left out. @param known as was known then; now when left out. */
  async objects(type: Declaration, uuids: readonly string[], known?: Instant): Promise<KnownObject[]> {
    const at: AsOf = { virkning: 'alle', registrering: known === undefined ? 'nu' : { at: known } };
    const found: KnownObject[] = [];
    for (const some of chunks(uuids, PAGE))
      for (const { body } of await this.store.readMany(this.ask, type, some, at))
        found.push(KnownObject.read(type, body));
    return found;
  }

  units(uuids: readonly string[], known?: Instant): Promise<KnownObject[]> {
    return this.objects(OrganisationEnhed, uuids, known);
  }

  /** The object as one registration left it. */
  async registration(type: Declaration, uuid: string, number: number): Promise<KnownObject> {
    return KnownObject.read(type, (await this.store.registration(this.ask, type, uuid, number)).body);
  }

  /** Every object that points at one of the units at some time from the moment on. */
  async pointing(units: readonly string[], from: Instant): Promise<KnownObject[]> {
    const found = new Map<string, KnownObject>();
    for (const { type, facet } of POINTERS)
      for (const some of chunks(units, UNITS)) {
        const uuids = (await this.find(type, facet, some, from)).filter((uuid) => !found.has(uuid));
        for (const object of await this.objects(type, uuids)) found.set(object.uuid, object);
      }
    return [...found.values()];
  }

  private async find(
    type: Declaration,
    felt: string,
    units: readonly string[],
    from: Instant,
  ): Promise<string[]> {
    const udtryk = { felt, iblandt: units.map((uuid) => ({ uuid })) };
    const found: string[] = [];
    for (let cursor: string | null = null; ;) {
      const query = { udtryk, sorter: [], vis: 'uuid', limit: PAGE, cursor, antal: false } as const;
      const at: AsOf = { virkning: { from, to: null }, registrering: 'nu' };
      const { data, naeste } = await this.store.search(this.ask, type, query, at);
      found.push(...data.map((uuid) => JSON.parse(uuid) as string));
      if (naeste === null) return found;
      cursor = naeste;
    }
  }
}
