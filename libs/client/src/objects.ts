import { randomUUID } from 'node:crypto';
import type { Declaration, Facets, Reference } from '@stoettesystemer/object';
import type { Answer, Ask, Client } from './client';
import { Problem } from './problem';

/** An object as it is answered (contract §2), with the members that its declaration says. */
export type Registered<D extends Declaration> = Facets<D> & {
  readonly uuid: string;
  readonly objekttype: D['name'];
  /** CVR. */
  readonly ejer: string;
  readonly registrering: {
    readonly nummer: number;
    readonly fra: string;
    readonly til: string | null;
    readonly livscyklus: 'Opstaaet' | 'Importeret' | 'Rettet' | 'Passiveret' | 'Slettet';
    readonly brugerRef?: Reference;
    readonly note?: string | null;
  };
};

/** What is said of an object in a request. */
export type Said<D extends Declaration> = Facets<D> & {
  readonly note?: string;
  /** When it happened at the source; the indexes order by it. */
  readonly tidspunkt?: string;
};

/** What an item says in its virkning: members that are left out stay as they were, null clears one, `slut` ends the whole. */
type Part<Item> = Item extends { virkning: infer V }
  ? { readonly virkning: V; readonly slut?: true } & {
      readonly [M in Exclude<keyof Item, 'virkning'>]?: Item[M] | null;
    }
  : never;
type Parts<Section> = {
  readonly [F in keyof Section]?: NonNullable<Section[F]> extends readonly (infer Item)[]
    ? readonly Part<Item>[]
    : never;
};

/** A change: only what is different, each item in its own virkning (contract §4). */
export type Change<D extends Declaration> = {
  readonly [S in keyof Facets<D>]?: Parts<NonNullable<Facets<D>[S]>>;
} & Pick<Said<D>, 'note' | 'tidspunkt'> & { readonly erstat?: true };

/** `virkningstid`, `registreringstid` and the others of contract §3. */
export type AsOf = Readonly<Record<string, string>>;

export interface Search {
  /** The expression of contract §6. */
  readonly udtryk?: object;
  readonly sorter?: readonly string[];
  readonly vis?: readonly string[];
}

interface Page<T> {
  readonly data: readonly T[];
  readonly naeste: string | null;
}

const MOST = 500;
const tag = (number: number): Record<string, string> => ({ 'if-match': `"${number}"` });
const queryOf = (parameters: Readonly<Record<string, string>>): string => {
  const text = new URLSearchParams(parameters).toString();
  return text === '' ? '' : `?${text}`;
};

/** Objects of one declared type, for the municipality that the client acts for. */
export class Objects<D extends Declaration> {
  constructor(
    private readonly client: Client,
    private readonly service: string,
    private readonly type: D,
  ) {}

  /** @param key the same for the same object, however often it is sent; made up when left out. */
  async create(said: Said<D>, key: string = randomUUID()): Promise<Registered<D>> {
    const headers = { 'idempotency-key': key };
    return (await this.send('POST', '', { body: said, headers, again: true })).body;
  }

  /** With a UUID of one's own. `number`: the one that was read, of an object that is there. */
  async put(uuid: string, said: Said<D>, number?: number): Promise<Registered<D>> {
    const headers = number === undefined ? {} : tag(number);
    return (await this.send('PUT', `/${uuid}`, { body: said, headers })).body;
  }

  /** Null when there is none to be seen. */
  async read(uuid: string, asOf: AsOf = {}): Promise<Registered<D> | null> {
    try {
      return (await this.send('GET', `/${uuid}${queryOf(asOf)}`)).body;
    } catch (cause) {
      if (cause instanceof Problem && cause.status === 404) return null;
      throw cause;
    }
  }

  /** Those of them that can be seen. */
  async readMany(uuids: readonly string[]): Promise<Registered<D>[]> {
    const found: Registered<D>[] = [];
    for (let at = 0; at < uuids.length; at += MOST) {
      const body = { uuid: uuids.slice(at, at + MOST) };
      const page = await this.send<Page<Registered<D>>>('POST', '/laes', { body, again: true });
      found.push(...page.body.data);
    }
    return found;
  }

  /** All that match, page by page: `{ brugervendtNoegle: '27.*' }`. Nothing about persons, which are searched by `search`. */
  async *list(fields: Readonly<Record<string, string>> = {}): AsyncGenerator<Registered<D>> {
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = queryOf({ ...fields, limit: `${MOST}`, ...(cursor === '' ? {} : { cursor }) });
      const page: Page<Registered<D>> = (await this.send<Page<Registered<D>>>('GET', query)).body;
      yield* page.data;
      cursor = page.naeste;
    }
  }

  async *search(search: Search): AsyncGenerator<Registered<D>> {
    for (let cursor: string | null = ''; cursor !== null;) {
      const body = { ...search, limit: MOST, ...(cursor === '' ? {} : { cursor }) };
      const ask = { body, again: true };
      const page: Page<Registered<D>> = (await this.send<Page<Registered<D>>>('POST', '/soegninger', ask))
        .body;
      yield* page.data;
      cursor = page.naeste;
    }
  }

  /** @param number of the registration that the change is made on. @throws Problem 412 when there is a later one */
  async patch(uuid: string, number: number, change: Change<D>): Promise<Registered<D>> {
    return (await this.send('PATCH', `/${uuid}`, { body: change, headers: tag(number) })).body;
  }

  /** Reads, and changes what it read; again when somebody came in between. Null when it is not there, or no change is made. */
  async change(
    uuid: string,
    decide: (now: Registered<D>) => Change<D> | null,
  ): Promise<Registered<D> | null> {
    for (;;) {
      const now = await this.read(uuid);
      const change = now && decide(now);
      if (!now || !change) return null;
      try {
        return await this.patch(uuid, now.registrering.nummer, change);
      } catch (cause) {
        if (!(cause instanceof Problem) || cause.status !== 412) throw cause;
      }
    }
  }

  async passivate(uuid: string, number: number, note?: string): Promise<Registered<D>> {
    const body = note === undefined ? {} : { note };
    return (await this.send('POST', `/${uuid}/passiver`, { body, headers: tag(number) })).body;
  }

  async remove(uuid: string, number: number): Promise<void> {
    await this.send('DELETE', `/${uuid}`, { headers: tag(number) });
  }

  /** Every registration there has been, the newest first. */
  async *history(uuid: string): AsyncGenerator<Registered<D>> {
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = queryOf(cursor === '' ? {} : { cursor });
      const path = `/${uuid}/registreringer${query}`;
      const page: Page<Registered<D>> = (await this.send<Page<Registered<D>>>('GET', path)).body;
      yield* page.data;
      cursor = page.naeste;
    }
  }

  private send<T = Registered<D>>(
    method: Ask['method'],
    path: string,
    more: Pick<Ask, 'body' | 'headers' | 'again'> = {},
  ): Promise<Answer<T>> {
    return this.client.send<T>({
      service: this.service,
      method,
      path: `/v1/${this.type.path}${path}`,
      ...more,
    });
  }
}
