import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Journal, testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import fc from 'fast-check';
import { compactVerify } from 'jose';
import type { Client } from 'pg';
import { migrate } from '../migrate';
import { ownerOf } from '../spec/test-store';
import type { AuditChainer } from './audit-chainer';
import { publicJwk } from './root-key';
import {
  chained,
  chainer,
  checkOf,
  note,
  noted,
  OWNERS,
  publicKey,
  rootFolderOfTest,
  SERVICE,
  signingKey,
  until,
  whoever,
} from './spec/log-fixture';

let db: TestDatabase;
let owner: Client;
const running: AuditChainer[] = [];
const begin = (options: Parameters<typeof chainer>[1] = {}): void => {
  const each = chainer(db.url, options);
  each.start();
  running.push(each);
};

beforeEach(async () => {
  db = await testDatabase({ service: 'sikkerhedslog', migrate, size: 16 });
  owner = await ownerOf(db);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
  await owner.end();
  await db.drop();
});

const places = async (cvr: string): Promise<{ place: number; transaction: string; id: number }[]> =>
  (
    await owner.query<{ place: number; transaction: string; id: number }>(
      `select c.place::int, a.transaction, a.id::int from audit_chain c join audit a using (owner, id)
        where c.owner = $1 order by c.place`,
      [cvr],
    )
  ).rows;
const killLeader = async (): Promise<number> => {
  const { rowCount } = await owner.query(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
       and database = (select oid from pg_database where datname = current_database())`,
  );
  return rowCount ?? 0;
};

describe('the security log’s chain', () => {
  it('is complete, dense and whole, whatever the writers do and however often the chainer dies', async () => {
    const step = fc.record({
      cvr: fc.constantFrom(...OWNERS),
      rows: fc.integer({ min: 1, max: 3 }),
      pause: fc.constantFrom(0, 0, 0, 1, 7),
      isUndone: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
      kill: fc.integer({ min: 0, max: 14 }).map((n) => n === 0),
    });
    const committed = new Map<string, Set<string>>(OWNERS.map((cvr) => [cvr, new Set()]));
    begin({ batch: 7 });
    begin({ batch: 7 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 8 }),
        async (writers) => {
          await Promise.all(
            writers.map(async (steps) => {
              for (const { cvr, rows, pause, isUndone, kill } of steps) {
                if (kill) await killLeader();
                const caller = whoever(cvr);
                const written: string[] = [];
                const work = db.database.transaction({ owner: cvr }, async (tx) => {
                  for (let n = 0; n < rows; n++) written.push(await note(tx, caller));
                  if (pause > 0) await setTimeout(pause);
                  if (isUndone) throw new Error('undone');
                });
                await work.then(
                  () => written.forEach((each) => committed.get(cvr)!.add(each)),
                  (cause: Error) => expect(cause.message).toBe('undone'),
                );
              }
            }),
          );
          await chained(owner);
          for (const cvr of OWNERS) {
            const rows = await places(cvr);
            expect(rows.map(({ place }) => place)).toEqual(rows.map((_, at) => at + 1));
            expect(rows).toHaveLength(committed.get(cvr)!.size);
            expect(new Set(rows.map(({ transaction }) => transaction))).toEqual(committed.get(cvr));
          }
          expect(await checkOf(db.url)).toMatchObject({ findings: [], waiting: 0 });
        },
      ),
      { numRuns: 12, seed: Number(process.env['SEED'] ?? 4711) },
    );
  });

  it('takes up a row that was committed late under a lower number, and waits for no one meanwhile', async () => {
    const caller = whoever(OWNERS[0]);
    const late = await db.database.pool.connect();
    try {
      begin();
      await late.query('begin');
      await late.query(`select set_config('app.cvr', $1, true)`, [caller.owner]);
      await late.query(
        `insert into audit (owner, transaction, operation, allowed) values ($1, $2, 'laes', true)`,
        [caller.owner, randomUUID()],
      );
      const early = [await noted(db, caller), await noted(db, caller)];
      await until(async () => (await places(caller.owner)).length === 2, 'the others’ places');
      // Looks go by; none of them may take what is under way for undone.
      await setTimeout(100);
      expect((await owner.query('select number::int from audit_floor')).rows).toEqual([{ number: 0 }]);
      await late.query('commit');
      await chained(owner);
      const rows = await places(caller.owner);
      expect(rows.map(({ id }) => id)).toEqual([2, 3, 1]);
      expect(rows.slice(0, 2).map(({ transaction }) => transaction)).toEqual(early);
      expect((await checkOf(db.url)).findings).toEqual([]);
    } finally {
      late.release();
    }
  });

  it('takes up what was written while nobody chained', async () => {
    for (let n = 0; n < 30; n++) await noted(db, whoever(OWNERS[n % 3]!));
    begin({ batch: 4 });
    await chained(owner);
    expect(await checkOf(db.url)).toMatchObject({ findings: [], rows: 30, chains: 3, waiting: 0 });
  });

  it('signs every day that has ended, at its start, and lays the roots in the folder', async () => {
    const folder = rootFolderOfTest();
    const [cvr] = OWNERS;
    const { rows: days } = await owner.query<{ day: string }>(
      `with written as (
         insert into audit (owner, at, operation, allowed) values ($1, now() - interval '2 days', 'laes', true), ($1, now(), 'laes', true)
         returning at)
       select (min(at) at time zone 'Europe/Copenhagen')::date::text as day from written`,
      [cvr],
    );
    begin({ roots: { service: SERVICE, key: signingKey, folder } });
    const files = async () =>
      (await readdir(join(folder, SERVICE)).catch(() => [])).filter((name) => name.endsWith('.jws'));
    await until(async () => (await files()).length === 2, 'two roots');
    const [first = ''] = await files();
    expect(first).toBe(`${cvr}-${days[0]!.day}.jws`);
    const jws = (await readFile(join(folder, SERVICE, first), 'utf8')).trim();
    const { payload, protectedHeader } = await compactVerify(jws, publicKey);
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: (await publicJwk(publicKey)).kid });
    const { rows } = await owner.query<{ hash: string }>(
      `select encode(hash, 'hex') as hash from audit_chain where owner = $1 and place = 2`,
      [cvr],
    );
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({
      tjeneste: SERVICE,
      cvr,
      dag: days[0]!.day,
      plads: 2,
      hash: rows[0]!.hash,
      forrige: null,
    });
    expect(await checkOf(db.url, folder)).toMatchObject({ findings: [], roots: 2 });
    await rm(folder, { recursive: true });
  });

  it('ties a row to the citizens that were sought, and to those in the objects', async () => {
    const person = { urn: 'urn:oio:cpr-nr:2512484916' };
    const [cvr] = OWNERS;
    const object = randomUUID();
    const bare = randomUUID();
    await owner.query(
      `insert into fact (owner, id, object_id, section, facet, slot, value, valid, recorded, number)
       values ($1, 1, $2, 'r', 'part', '1', $3, '[2020-01-01,)', '[2020-01-01,)', 1)`,
      [cvr, object, JSON.stringify({ rolle: 'Primaer', reference: person })],
    );
    const caller = whoever(cvr);
    await noted(db, caller, { type: Journal.name, objects: [object] });
    await noted(db, caller, { type: Journal.name, objects: [bare] });
    await noted(db, caller, { type: Journal.name, objects: [bare], criteria: { lig: person } });
    await noted(db, whoever(OWNERS[1]), { type: Journal.name, objects: [object] });
    begin();
    await chained(owner);
    const { rows } = await owner.query<{ citizens: string[] }>(
      'select citizens from audit_chain order by id',
    );
    const [[pseudonym = ''] = []] = rows.map(({ citizens }) => citizens);
    expect(pseudonym).toMatch(/^cpr-hmac:[\w-]{22}$/);
    expect(rows.map(({ citizens }) => citizens)).toEqual([[pseudonym], [], [pseudonym], []]);
  });

  it.each(['audit_chain', 'audit_key', 'audit_root'])('%s is neither edited nor emptied', async (table) => {
    await noted(db, whoever(OWNERS[0]));
    begin();
    await chained(owner);
    await owner.query(
      `insert into audit_root (owner, day, place, hash, jws) values ($1, '2026-01-01', 1, '', '')`,
      [OWNERS[0]],
    );
    for (const statement of [
      `delete from ${table}`,
      `update ${table} set owner = owner`,
      `truncate ${table}`,
    ])
      await expect(owner.query(statement)).rejects.toThrow('not edited');
    const asApp = (text: string) => db.database.run({ owner: OWNERS[0] }, { name: text, text });
    expect((await asApp(`select from ${table}`)).count).toBeGreaterThan(0);
    await expect(asApp(`insert into ${table} select * from ${table}`)).rejects.toThrow('permission denied');
    expect(
      (await db.database.run({ owner: OWNERS[1] }, { name: 'theirs', text: `select from ${table}` })).count,
    ).toBe(0);
  });
});
