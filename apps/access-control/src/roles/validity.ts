import { Injectable } from '@nestjs/common';
import { type Ask, type AsOf, type FacetItems, ObjectStore } from '@stoettesystemer/engine';
import { Jobfunktionsrolle } from '@stoettesystemer/model';
import { type Declaration, formatInstant, type Instant, now, parseInstant } from '@stoettesystemer/object';
import { Catalogue } from './catalogue';
import { edgesOf } from './periods';
import { type RoleFault, roleFaults } from './role-faults';
import { facetsOf, StoreSight } from './store-sight';

/** Something that has become wrong with a role, and since when; null where it was never right. */
export interface Invalidity extends Omit<RoleFault, 'sti'> {
  readonly siden: string | null;
}
export interface Invalid {
  readonly uuid: string;
  readonly navn: string;
  readonly fejl: readonly Omit<Invalidity, 'siden'>[];
}

const NOW: AsOf = { virkning: 'nu', registrering: 'nu' };
const PAGE = 200;
/** Changes that are looked back through. */
const FURTHEST = 100;

const keyOf = ({ kode, rolleId, dataafgraensningstype = '' }: RoleFault): string =>
  `${kode} ${rolleId} ${dataafgraensningstype}`;
const told = ({ sti: _, ...fault }: RoleFault) => fault;

/** Whether the roles that a municipality has made still hold, when vendors have changed what they are made of. */
@Injectable()
export class Validity {
  constructor(private readonly store: ObjectStore) {}

  /** @throws Refusal 404 */
  async of(ask: Ask, uuid: string): Promise<Invalidity[]> {
    const { body } = await this.store.read(ask, Jobfunktionsrolle, uuid, NOW);
    const slice = facetsOf(body);
    const { owner } = ask.caller;
    const sight = new StoreSight(this.store, owner);
    const faults = await roleFaults(slice, new Catalogue(sight, now()), owner);
    if (faults.length === 0) return [];
    const times = await this.timesOf(sight, slice, uuid, owner);
    const since = await this.since(slice, owner, new Set(faults.map(keyOf)), times);
    return faults.map((fault) => ({ ...told(fault), siden: since.get(keyOf(fault)) ?? null }));
  }

  /** The municipality's roles with something wrong, in pages of the roles that there are. */
  async all(ask: Ask, cursor: string | null): Promise<{ data: Invalid[]; naeste: string | null }> {
    const { owner } = ask.caller;
    const catalogue = new Catalogue(new StoreSight(this.store, owner), now());
    const query = { udtryk: null, sorter: ['uuid'], vis: null, limit: PAGE, cursor, antal: false };
    const { data, naeste } = await this.store.search(ask, Jobfunktionsrolle, query, NOW);
    const invalid: Invalid[] = [];
    for (const body of data) {
      const fejl = (await roleFaults(facetsOf(body), catalogue, owner)).map(told);
      const { uuid, attributter } = JSON.parse(body) as {
        uuid: string;
        attributter: { egenskaber?: { navn: string }[] };
      };
      if (fejl.length > 0) invalid.push({ uuid, navn: attributter.egenskaber?.[0]?.navn ?? '', fejl });
    }
    return { data: invalid, naeste };
  }

  /** Since the role was first made: when something that it is made of was changed, or began or ended; the latest first. */
  private async timesOf(
    present: StoreSight,
    slice: FacetItems,
    uuid: string,
    owner: string,
  ): Promise<Instant[]> {
    const [made] = (await this.registrationsOf(present, Jobfunktionsrolle, uuid)).slice(-1);
    if (made === undefined) return [];
    // What is gone by now is found as it was then.
    const first = new StoreSight(this.store, owner, made);
    await roleFaults(slice, new Catalogue(first, made), owner);
    const times = new Set<Instant>([made]);
    for (const [id, type] of new Map([...first.seen, ...present.seen])) {
      for (const time of await this.registrationsOf(present, type, id)) times.add(time);
      for (const facets of [await present.look(type.name, id), await first.look(type.name, id)])
        for (const edge of edgesOf(facets ?? {})) times.add(edge);
    }
    const until = now();
    const wanted = [...times].filter((time) => time >= made && time <= until);
    return wanted.sort((a, b) => (a > b ? -1 : 1)).slice(0, FURTHEST);
  }

  private async registrationsOf(sight: StoreSight, type: Declaration, uuid: string): Promise<Instant[]> {
    const page = { limit: FURTHEST, before: null };
    const registrations = await this.store.history(sight.ask, type, uuid, page).catch(() => []);
    return registrations.map(({ from }) => parseInstant(from)!);
  }

  /** Back through the times for as long as each of the faults was there. */
  private async since(
    slice: FacetItems,
    owner: string,
    wrong: ReadonlySet<string>,
    times: readonly Instant[],
  ): Promise<Map<string, string>> {
    const since = new Map<string, string>();
    let left = wrong;
    for (const time of times) {
      const catalogue = new Catalogue(new StoreSight(this.store, owner, time), time);
      const then = new Set((await roleFaults(slice, catalogue, owner)).map(keyOf));
      left = new Set([...left].filter((key) => then.has(key)));
      if (left.size === 0) break;
      for (const key of left) since.set(key, formatInstant(time));
    }
    return since;
  }
}
