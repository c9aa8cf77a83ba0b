import { createSecretKey, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Sequencer } from '@stoettesystemer/feed';
import { Database, poolFor, ROLES } from '@stoettesystemer/postgres';
import { Journal, testDatabase, type TestDatabase, Ting } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import type { ObjectInput } from './ask';
import { migrate } from './migrate';
import { ObjectStore } from './object-store';
import { revise, type Revision } from './revisor';
import { always, anyone, asking, NOW, OTHER, OWN, ownerOf, SECRET } from './spec/test-store';

const types = [Ting, Journal];
const ids = {
  uuid: '10000000-0000-4000-8000-000000000001',
  journal: '10000000-0000-4000-8000-000000000002',
  other: '10000000-0000-4000-8000-000000000003',
};

const thing = (members: object = {}): ObjectInput => ({
  attributter: { egenskaber: [{ virkning: always, brugervendtNoegle: 'n', ...members }] },
});
const citizen: ObjectInput = {
  ...thing({ titel: 'Ib Hansen' }),
  relationer: {
    part: [
      { virkning: always, rolle: 'Primaer', indeks: '1', reference: { urn: 'urn:oio:cpr-nr:2512484916' } },
    ],
    klasse: [
      {
        virkning: always,
        rolle: 'Primaer',
        indeks: '1',
        reference: { uuid: ids.uuid },
        brugervendtNoegle: '27.18.02',
      },
    ],
  },
};

/** A database in which a little of everything has happened; all of it has its place in the feed but the last. */
async function lived(url: string): Promise<void> {
  await migrate(url);
  const pool = poolFor(url, { size: 4, role: ROLES.app });
  const pseudonymKey = createSecretKey(Buffer.alloc(32, 1));
  const store = new ObjectStore(new Database(pool), {
    service: 'proeve',
    types,
    secret: SECRET,
    pseudonymKey,
  });
  const ask = (owner = OWN) => asking(anyone(owner));
  await store.put(ask(), Ting, ids.uuid, thing({ titel: 'Bus' }), null);
  await store.patch(ask(), Ting, ids.uuid, thing({ titel: 'Tog' }), 1);
  await store.patch(ask(), Ting, ids.uuid, thing({ titel: 'Fly' }), 2);
  await store.put(ask(OTHER), Ting, ids.other, thing(), null);
  await store.put(ask(), Journal, ids.journal, citizen, null);
  await store.patch(ask(), Journal, ids.journal, thing({ foelsomhed: 'VIP_SAGER' }), 1);
  const gone = await store.create(ask(), Journal, citizen);
  await store.remove(ask(), Journal, gone.uuid, 1);
  const back = await store.create(ask(), Journal, citizen);
  await store.remove(ask(), Journal, back.uuid, 1);
  await store.put(ask(), Journal, back.uuid, citizen, null);
  const history = ['2001', '2002', '2003'].map((year) => ({
    fra: `${year}-01-01T00:00:00Z`,
    ...thing({ titel: year }),
  }));
  await store.bulk(ask(), [
    { line: 1, type: 'Ting', uuid: randomUUID(), input: {}, history },
    { line: 2, type: 'Ting', input: thing() },
  ]);
  await store.passivate(ask(OTHER), Ting, ids.other, 1);
  const query = {
    udtryk: { felt: 'part', lig: { urn: 'urn:oio:cpr-nr:2512484916' } },
    sorter: [],
    vis: null,
  };
  await store.search(ask(), Journal, { ...query, limit: 9, cursor: null, antal: false }, NOW);
  const sequencer = new Sequencer({ url, log: { info: () => undefined, warn: () => undefined } });
  sequencer.start();
  while (sequencer.position < 16) await setTimeout(10);
  await sequencer.stop();
  await store.patch(ask(), Ting, ids.uuid, thing({ titel: 'Skib' }), 3);
  await pool.end();
}

let db: TestDatabase;
let owner: Client;
beforeEach(async () => {
  db = await testDatabase({ service: 'revisor', migrate: lived, size: 1 });
  owner = await ownerOf(db);
});
afterEach(async () => {
  await owner.end();
  await db.drop();
});

const revised = (): Promise<Revision> => revise(db.url, { types });
/** Behind the back of all guards. */
const plant = (statement: string): Promise<unknown> =>
  owner.query(`set session_replication_role = replica; ${statement}; set session_replication_role = origin`);
const invariants = ({ findings }: Revision): string[] =>
  [...new Set(findings.map(({ invariant }) => invariant))].sort();

it('finds nothing where nothing is wrong, and says how much it looked at', async () => {
  const { findings, counted } = await revised();
  expect(findings).toEqual([]);
  expect(counted).toMatchObject({ object: 7, registration: 15, feed: 16, outbox: 1 });
  for (const table of ['fact', 'term', 'prose', 'audit']) expect(counted[table]).toBeGreaterThan(5);
});

const of = (name: keyof typeof ids) => `object_id = '${ids[name]}'`;
const corruptions: [string, string[], () => string][] = [
  ['an event lost from the feed', ['I1', 'I3'], () => `delete from feed where pos = 2`],
  ['an event lost before it came into the feed', ['I1'], () => `delete from outbox`],
  ['a change that was not logged', ['I1'], () => `delete from audit where '${ids['uuid']}' = any(objects)`],
  [
    'a change logged as denied',
    ['I1'],
    () => `update audit set allowed = false where '${ids['journal']}' = any(objects) and operation = 'ret'`,
  ],
  [
    'an event of nothing',
    ['I1', 'I2', 'I4'],
    () =>
      `update feed set registration = gen_random_uuid() where pos = 2; update feed set number = 9 where pos = 2`,
  ],
  [
    'an event told twice',
    ['I3', 'I4', 'I5'],
    () =>
      `insert into feed (pos, owner, registration, type, object_id, number, action, recorded_at, changed, kle, foelsomhed, transaction, traceparent, published) select 17, owner, registration, type, object_id, number, action, recorded_at, changed, kle, foelsomhed, transaction, traceparent, published from feed where pos = 1`,
  ],
  [
    'an event told again under another id',
    ['I2', 'I3', 'I4', 'I5'],
    () =>
      `insert into feed (pos, owner, registration, type, object_id, number, action, recorded_at, changed, kle, foelsomhed, transaction, traceparent, published) select 17, owner, gen_random_uuid(), type, object_id, number, action, recorded_at, changed, kle, foelsomhed, transaction, traceparent, published from feed where pos = 1`,
  ],
  ['an event that tells another tale', ['I5'], () => `update feed set action = 'slettet' where pos = 2`],
  [
    'two events of one object swapped',
    ['I4'],
    () => `update feed set pos = -pos where pos in (1, 2); update feed set pos = 3 + pos where pos < 0`,
  ],
  ['a feed that says it ends elsewhere', ['I3'], () => `update feed_state set last_pos = last_pos + 1`],
  [
    'a registration lost in the middle',
    ['I2', 'I4', 'I6'],
    () => `delete from registration where ${of('uuid')} and number = 2`,
  ],
  [
    'the last registration lost',
    ['I2', 'I6'],
    () => `delete from registration where ${of('uuid')} and number = 4`,
  ],
  [
    'registrations out of order in time',
    ['I4', 'I5', 'I6'],
    () =>
      `update registration set recorded_at = recorded_at - interval '1 day' where ${of('uuid')} and number = 3`,
  ],
  [
    'an object that says another number',
    ['I6'],
    () => `update object set number = 7 where id = '${ids['uuid']}'`,
  ],
  [
    'an object that says another life cycle',
    ['I6'],
    () => `update object set lifecycle = 'Rettet' where id = '${ids['other']}'`,
  ],
  [
    'an object with wider access than its facts give',
    ['I6'],
    () => `update object set scopes = '[]' where id = '${ids['journal']}'`,
  ],
  [
    'a fact backdated',
    ['I6'],
    () =>
      `update fact set recorded = tstzrange(lower(recorded) - interval '1 h', upper(recorded)) where ${of('uuid')} and number = 1`,
  ],
  [
    'a fact closed by nobody',
    ['I6'],
    () =>
      `update fact set recorded = tstzrange(lower(recorded), now() + interval '1 h') where ${of('journal')} and upper_inf(recorded) and facet = 'part'`,
  ],
  [
    'a closed fact opened again',
    ['I6', 'I7'],
    () =>
      `alter table fact drop constraint fact_law; update fact set recorded = tstzrange(lower(recorded), null) where ${of('uuid')} and number = 1`,
  ],
  [
    'a fact edited',
    ['I6'],
    () =>
      `update fact set value = '{"brugervendtNoegle":"n","titel":"Andet"}' where ${of('uuid')} and upper_inf(recorded)`,
  ],
  ['a fact deleted', ['I6'], () => `delete from fact where ${of('journal')} and facet = 'part'`],
  [
    'a fact given to another municipality',
    ['I10', 'I6'],
    () => `update fact set owner = ${OTHER} where ${of('uuid')} and number = 1`,
  ],
  [
    'an object given to another municipality',
    ['I10', 'I6'],
    () => `update object set owner = ${OTHER} where id = '${ids['uuid']}'`,
  ],
  ['words that find what is not there', ['I6'], () => `update prose set fact = -fact where ${of('uuid')}`],
  [
    'a search that finds what is not there',
    ['I6'],
    () => `update term set value = 'andet' where ${of('uuid')} and believed`,
  ],
  ['the bitemporal law repealed', ['I7'], () => `alter table fact drop constraint fact_law`],
  ['a guard dismissed', ['I7'], () => `alter table registration disable trigger registration_edited`],
  [
    'the wall between municipalities taken down',
    ['I10'],
    () => `alter table fact no force row level security`,
  ],
  [
    'a citizen named in an event',
    ['I11'],
    () => `update feed set foelsomhed = 'sag om 251248-4916' where pos = 2`,
  ],
  [
    'a citizen named in the security log',
    ['I11'],
    () => `update audit set criteria = '{"felt":"part","lig":"2512484916"}' where operation = 'soeg'`,
  ],
  [
    'a citizen named in an address',
    ['I11'],
    () =>
      `insert into idempotency (owner, system, key, hash, object_id, status, headers) values (${OWN}, gen_random_uuid(), gen_random_uuid(), '', gen_random_uuid(), 201, '{"Location":"/sager?cpr=2512484916"}')`,
  ],
];

it.each(corruptions)('finds %s', async (_, expected, statement) => {
  await plant(statement());
  const revision = await revised();
  expect(invariants(revision)).toEqual(expected);
  const told = JSON.stringify(revision.findings);
  for (const secret of ['2512484916', '251248-4916', 'Ib Hansen', 'Tog']) expect(told).not.toContain(secret);
});

it('does not miss what retention has taken away', async () => {
  await owner.query(
    `set role ${ROLES.feed}; delete from feed where pos < 4; update feed_state set first_pos = 4; reset role`,
  );
  expect((await revised()).findings).toEqual([]);
});

it('tells no more of one thing than was asked for', async () => {
  await plant(`delete from feed; delete from outbox`);
  const { findings } = await revise(db.url, { most: 3 });
  expect(findings.filter(({ what }) => what === 'Registreringen har ingen hændelse.')).toHaveLength(3);
});

it('is made by an ordinary login that owns its database, in the life of which nothing needed more', async () => {
  const login = `test_${randomUUID().slice(0, 8)}`;
  await owner.query(`create role ${login} login password 'hemmelig'`);
  await owner.query(`create database ${login} owner ${login}`);
  await owner.query(`grant ${Object.values(ROLES).join(', ')} to ${login}`);
  const address = new URL(db.url);
  [address.username, address.password, address.pathname] = [login, 'hemmelig', `/${login}`];
  try {
    await lived(address.href);
    const { findings, counted } = await revise(address.href, { types });
    expect(findings).toEqual([]);
    expect(counted).toMatchObject({ object: 7, registration: 15 });
  } finally {
    await owner.query(`drop database ${login} with (force)`);
    await owner.query(`drop role ${login}`);
  }
});
