import { createSecretKey, randomUUID } from 'node:crypto';
import type { Caller } from '@stoettesystemer/access';
import { type Declaration, type Instant, parseInstant } from '@stoettesystemer/object';
import { callerOf, Journal, testDatabase, type TestDatabase, Ting } from '@stoettesystemer/testing';
import { Client } from 'pg';
import type { AsOf, Ask } from '../ask';
import { migrate } from '../migrate';
import { ObjectStore } from '../object-store';
import type { Rule } from '../rule';

export const OWN = '12345678';
export const OTHER = '87654321';
export const COMMON = '19435075';
export const NOW: AsOf = { virkning: 'nu', registrering: 'nu' };
export const SECRET = Buffer.alloc(32, 7);

export interface TestStore extends TestDatabase {
  readonly store: ObjectStore;
}

export interface TestStoreOptions {
  readonly types?: readonly Declaration[];
  readonly rules?: readonly Rule[];
  /** Connections at most. */
  readonly size?: number;
}

/** An engine on a database of its own. */
export async function testStore({
  types = [Ting, Journal],
  rules = [],
  size = 5,
}: TestStoreOptions = {}): Promise<TestStore> {
  const database = await testDatabase({ service: 'proeve', migrate, size });
  const pseudonymKey = createSecretKey(Buffer.alloc(32, 1));
  const store = new ObjectStore(database.database, {
    service: 'proeve',
    types,
    rules,
    secret: SECRET,
    pseudonymKey,
  });
  return { ...database, store };
}

/** An it-system that may do everything to the made-up types, for one municipality. */
export const anyone = (owner = OWN): Caller => callerOf({ service: 'proeve', owner, types: [Ting, Journal] });

export const asking = (caller: Caller, more: Partial<Ask> = {}): Ask => ({
  caller,
  transaction: randomUUID(),
  ...more,
});

export const always = { fra: '2020-01-01T00:00:00Z' };

/** The last moment before registration `number`: by the database's clock, which this process's does not follow. */
export async function lastBefore(
  { store }: TestStore,
  type: Declaration,
  uuid: string,
  number: number,
): Promise<Instant> {
  const page = { limit: 1, before: number + 1 };
  const [registration] = await store.history(asking(anyone()), type, uuid, page);
  return parseInstant(registration!.from)! - 1n;
}

/** A session of the login's own, which owns the tables and may do anything. */
export async function ownerOf({ url }: TestDatabase): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('set timezone = utc');
  return client;
}
