import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import { migrate } from '../migrate';
import { ownerOf } from '../spec/test-store';
import type { AuditChainer } from './audit-chainer';
import { checkAudit } from './audit-check';
import { dayAfter, exportRoots, makeRoots, today } from './audit-roots';
import {
  behindTheBack,
  chained,
  chainer,
  checkOf,
  noted,
  OWNERS,
  rootFolderOfTest,
  SERVICE,
  signingKey,
  whoever,
} from './spec/log-fixture';

const [OWN, OTHER] = OWNERS;
let db: TestDatabase;
let owner: Client;
let chain: AuditChainer;
let folder: string;
let tomorrow: string;

beforeEach(async () => {
  db = await testDatabase({ service: 'sikkerhedslog', migrate });
  owner = await ownerOf(db);
  folder = rootFolderOfTest();
  for (let n = 0; n < 20; n++) await noted(db, whoever(n % 4 === 3 ? OTHER : OWN), { count: n });
  chain = chainer(db.url);
  chain.start();
  await chained(owner);
  tomorrow = dayAfter(await today(owner));
});
afterEach(async () => {
  await chain.stop();
  await owner.end();
  await db.drop();
  rmSync(folder, { recursive: true });
});

const roots = () => ({ service: SERVICE, key: signingKey, folder });
/** Signs each day up to and with today, as if it had ended. */
const signed = async (day = tomorrow): Promise<void> => {
  await makeRoots(owner, day, roots());
  await exportRoots(owner, roots());
};
const findings = async () => (await checkOf(db.url, folder)).findings;
const ofRow = async (place: number) => {
  const { rows } = await owner.query<{ id: number; tid: string }>(
    `select a.id::int, instant(a.at) as tid from audit_chain c join audit a using (owner, id)
      where owner = $1 and place = $2`,
    [OWN, place],
  );
  return { cvr: OWN, ...rows[0]! };
};

describe('the check of the security log', () => {
  it('finds nothing wrong with a log that nobody has touched', async () => {
    await signed();
    expect(await checkOf(db.url, folder)).toEqual({
      findings: [],
      chains: 2,
      rows: 20,
      roots: 2,
      waiting: 0,
    });
  });

  it('tells how far it has come', async () => {
    const seen: [number, number][] = [];
    await checkAudit(db.url, { service: SERVICE, keys: [], progress: (...at) => seen.push(at) });
    expect(seen.at(-1)).toEqual([20, 20]);
  });

  it.each([
    ['subject', `subject = 'en anden'`],
    ['time', `at = at + interval '1 second'`],
    ['decision', 'allowed = not allowed'],
    ['criteria', `criteria = '{"felt":"andet"}'`],
    ['objects', `objects = array['aaaaaaaa-0000-4000-8000-000000000001'::uuid]`],
    ['municipality’s purpose', `purpose = 'kontrol'`],
  ])('names a row whose %s was changed', async (_, change) => {
    const { id } = await ofRow(7);
    await behindTheBack(owner, `update audit set ${change} where owner = $1 and id = $2`, [OWN, id]);
    expect(await findings()).toEqual([{ what: 'Rækken er ændret.', plads: 7, ...(await ofRow(7)) }]);
  });

  it('names the first of several, and the last row of all', async () => {
    for (const place of [15, 9])
      await behindTheBack(owner, `update audit set count = 99 where id = $1`, [(await ofRow(place)).id]);
    expect(await findings()).toEqual([{ what: 'Rækken er ændret.', plads: 9, ...(await ofRow(9)) }]);
    await behindTheBack(owner, `update audit set count = null where id = $1`, [(await ofRow(1)).id]);
    expect(await findings()).toEqual([{ what: 'Rækken er ændret.', plads: 1, ...(await ofRow(1)) }]);
  });

  it('names a row that was removed', async () => {
    const [{ tid }, { id }] = [await ofRow(6), await ofRow(7)];
    await behindTheBack(owner, 'delete from audit where id = $1', [id]);
    expect(await findings()).toEqual([
      { what: `Rækken er fjernet. Den før har tiden ${tid}.`, cvr: OWN, plads: 7, id },
    ]);
  });

  it('names a row that was inserted among the others', async () => {
    await behindTheBack(
      owner,
      `insert into audit (id, owner, at, operation, allowed) overriding system value
           values (0, $1, '2026-01-01T00:00:00Z', 'laes', true)`,
      [OWN],
    );
    expect(await findings()).toEqual([
      { what: 'Rækken er sat ind uden om kæden.', cvr: OWN, id: 0, tid: '2026-01-01T00:00:00Z' },
    ]);
  });

  it('names a link of the chain that was changed, and one that was removed', async () => {
    await behindTheBack(owner, `update audit_chain set hash = sha256(hash) where owner = $1 and place = 5`, [
      OWN,
    ]);
    expect(await findings()).toEqual([{ what: 'Leddet i kæden er ændret.', plads: 5, ...(await ofRow(5)) }]);
    const fourth = await ofRow(4);
    const fifth = await ofRow(5);
    await behindTheBack(owner, `delete from audit_chain where owner = $1 and place = 5`, [OWN]);
    expect(await findings()).toEqual([
      { what: 'Et led i kæden er fjernet efter denne række.', plads: 5, ...fourth },
      { what: 'Rækken er sat ind uden om kæden.', ...fifth },
    ]);
  });

  it('names citizens changed in a link', async () => {
    await behindTheBack(owner, `update audit_chain set citizens = '{x}' where owner = $1 and place = 5`, [
      OWN,
    ]);
    expect(await findings()).toMatchObject([{ what: 'Rækken er ændret.', plads: 5 }]);
  });

  it('finds by the root a chain that was cut short with its rows', async () => {
    await signed();
    const last = await ofRow(12);
    await behindTheBack(
      owner,
      `with gone as (delete from audit_chain where owner = ${OWN} and place > 12 returning id)
       delete from audit where owner = ${OWN} and id in (select id from gone)`,
    );
    const [finding] = await findings();
    expect(finding).toMatchObject({
      ...last,
      plads: 12,
      what: expect.stringContaining('afkortet') as string,
    });
    await behindTheBack(owner, 'delete from audit_chain');
    await behindTheBack(owner, 'delete from audit');
    expect((await findings()).map(({ cvr, plads }) => [cvr, plads])).toEqual([
      [OWN, 0],
      [OTHER, 0],
    ]);
  });

  it('finds by the root a chain that was written anew over a changed row', async () => {
    await signed();
    await chain.stop();
    const { id } = await ofRow(5);
    await behindTheBack(owner, `update audit set subject = 'ingen' where id = $1`, [id]);
    await behindTheBack(owner, `delete from audit_chain where owner = $1 and place >= 5`, [OWN]);
    await behindTheBack(owner, 'delete from audit_key');
    await behindTheBack(owner, 'update audit_floor set number = 0');
    const forger = chainer(db.url);
    await behindTheBack(
      owner,
      `insert into audit_key select owner, gen_random_uuid(), at, id, allowed from audit`,
    );
    forger.start();
    await chained(owner);
    await forger.stop();
    const [finding] = await findings();
    expect(finding).toMatchObject({
      what: expect.stringContaining('skrevet om') as string,
      ...(await ofRow(1)),
    });
    expect(finding!.dag).toBe(await today(owner));
  });

  it('finds a root that was removed, replaced or signed by another', async () => {
    await signed(dayAfter(tomorrow));
    const day = await today(owner);
    await behindTheBack(owner, 'delete from audit_root where owner = $1 and day = $2', [OWN, day]);
    expect(await findings()).toEqual([{ what: 'Roden er fjernet fra databasen.', cvr: OWN, dag: day }]);
    rmSync(join(folder, SERVICE, `${OWN}-${day}.jws`));
    expect(await findings()).toEqual([{ what: 'Roden bygger ikke på den før.', cvr: OWN, dag: tomorrow }]);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const forged = dayAfter(dayAfter(tomorrow));
    await makeRoots(owner, forged, { ...roots(), key: privateKey });
    expect((await findings()).find(({ cvr }) => cvr === OTHER)).toEqual({
      what: 'Rodens underskrift passer ikke.',
      cvr: OTHER,
      dag: dayAfter(tomorrow),
    });
  });

  it('finds a root that differs from its exported copy, and believes the copy', async () => {
    await signed();
    const day = await today(owner);
    await behindTheBack(owner, 'delete from audit_root where owner = $1', [OWN]);
    await behindTheBack(owner, `delete from audit_chain where owner = $1 and place > 3`, [OWN]);
    await behindTheBack(
      owner,
      `delete from audit a where owner = $1 and not exists
      (select from audit_chain c where c.owner = a.owner and c.id = a.id)`,
      [OWN],
    );
    await makeRoots(owner, tomorrow, roots());
    expect((await findings()).map(({ what, dag }) => [what.slice(0, 20), dag])).toEqual([
      ['Roden i databasen er', day],
      ['Kæden er afkortet: r', day],
    ]);
  });

  it('has a root of every day, those made up for too, each once, and a file of each that nobody else may change', async () => {
    await behindTheBack(
      owner,
      `update audit set at = at - interval '3 days' where owner = $1 and id =
      (select id from audit_chain where owner = $1 and place = 1)`,
      [OWN],
    );
    await signed();
    await signed();
    const { rows } = await owner.query<{ day: string; n: number }>(
      'select day::text, count(*)::int as n from audit_root where owner = $1 group by day order by day',
      [OWN],
    );
    expect(rows).toHaveLength(4);
    expect(rows.at(-1)!.day).toBe(await today(owner));
    const files = readdirSync(join(folder, SERVICE));
    expect(files.filter((name) => name.startsWith(OWN))).toEqual(rows.map(({ day }) => `${OWN}-${day}.jws`));
    const [name = ''] = files;
    writeFileSync(join(folder, SERVICE, name), 'x');
    await exportRoots(owner, roots());
    expect(readFileSync(join(folder, SERVICE, name), 'utf8')).toBe('x');
  });
});
