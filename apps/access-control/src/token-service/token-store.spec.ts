import { randomUUID } from 'node:crypto';
import { migrate } from '@stoettesystemer/engine';
import { Database, poolFor, ROLES } from '@stoettesystemer/postgres';
import { testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import { accessControlMigrations } from '../migrations';
import { TokenStore } from './token-store';

let db: TestDatabase;
let one: TokenStore;
let other: TokenStore;
let close: () => Promise<void>;
beforeAll(async () => {
  db = await testDatabase({ service: 'token-store', migrate: async () => {} });
  await migrate(db.url, accessControlMigrations);
  // As another process has it: a pool of its own.
  const pool = poolFor(db.url, { size: 3, role: ROLES.app });
  [one, other] = [new TokenStore(db.database), new TokenStore(new Database(pool))];
  close = () => pool.end();
});
afterAll(async () => {
  await close();
  await db.drop();
});

const age = (id: string, seconds: number) =>
  db.database.run(
    { owner: null },
    {
      name: 'test-age',
      text: 'update token_entry set until = now() - make_interval(secs => $2) where id = $1',
      values: [id, seconds],
    },
  );

test('what one process keeps the other finds, until it ends', async () => {
  const id = randomUUID();
  await one.put('Session', id, { accountId: 'x', uid: `u-${id}` }, 60);
  await expect(other.get('Session', id)).resolves.toEqual({ accountId: 'x', uid: `u-${id}` });
  await expect(other.getByUid('Session', `u-${id}`)).resolves.toMatchObject({ accountId: 'x' });
  await expect(other.get('Grant', id)).resolves.toBeUndefined();
  await expect(other.getByUid('Grant', `u-${id}`)).resolves.toBeUndefined();
  await age(id, 1);
  await expect(one.get('Session', id)).resolves.toBeUndefined();
  await expect(one.getByUid('Session', `u-${id}`)).resolves.toBeUndefined();
});

test('what is put again is what is found', async () => {
  const id = randomUUID();
  await one.put('Interaction', id, { step: 1 }, 60);
  await other.put('Interaction', id, { step: 2 }, 60);
  await expect(one.get('Interaction', id)).resolves.toEqual({ step: 2 });
});

test('a code is consumed once, however many come at once in whichever process', async () => {
  const id = randomUUID();
  await one.put('AuthorizationCode', id, { grantId: 'g' }, 60);
  const tries = Array.from({ length: 20 }, (_, at) =>
    (at % 2 ? one : other).consume('AuthorizationCode', id),
  );
  expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
  await expect(other.get('AuthorizationCode', id)).resolves.toEqual({ grantId: 'g', consumed: true });
  await expect(one.adapterFor('AuthorizationCode').consume(id)).rejects.toMatchObject({
    error: 'invalid_grant',
  });
  await expect(one.consume('AuthorizationCode', randomUUID())).resolves.toBe(false);
});

test('a consumed code stays consumed when it is put again', async () => {
  const id = randomUUID();
  await one.put('AuthorizationCode', id, {}, 60);
  await one.consume('AuthorizationCode', id);
  await one.put('AuthorizationCode', id, {}, 60);
  await expect(other.consume('AuthorizationCode', id)).resolves.toBe(false);
});

test('with a grant goes all that was given by it, and nothing else', async () => {
  const [grantId, mine, others] = [randomUUID(), randomUUID(), randomUUID()];
  await one.put('AuthorizationCode', mine, { grantId }, 60);
  await one.put('AuthorizationCode', others, { grantId: randomUUID() }, 60);
  await other.adapterFor('AuthorizationCode').revokeByGrantId(grantId);
  await expect(one.get('AuthorizationCode', mine)).resolves.toBeUndefined();
  await expect(one.get('AuthorizationCode', others)).resolves.toBeDefined();
});

test('what is destroyed is gone, and what has ended is swept away', async () => {
  const [id, ended] = [randomUUID(), randomUUID()];
  await one.put('Session', id, {}, 60);
  await other.adapterFor('Session').destroy(id);
  await expect(one.get('Session', id)).resolves.toBeUndefined();
  await one.put('Session', ended, {}, 60);
  await age(ended, 120);
  await new TokenStore(db.database).put('Session', id, {}, 60);
  const { rows } = await db.database.run(
    { owner: null },
    { name: 'test-left', text: 'select id from token_entry where id = any($1)', values: [[id, ended]] },
  );
  expect(rows).toEqual([{ id }]);
});
