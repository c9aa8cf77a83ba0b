import { randomUUID } from 'node:crypto';
import { Refusal } from '@stoettesystemer/object';
import { Ting } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import type { Ask, ObjectInput } from './ask';
import { revise } from './revisor';
import type { Rule } from './rule';
import { always, anyone, asking, NOW, ownerOf, testStore, type TestStore } from './spec/test-store';

/** A key is one municipality's only one: what the first of two equal requests makes, the second is refused for. */
const uniqueKey: Rule = {
  types: ['Ting'],
  facets: ['egenskaber'],
  async check({ after, find }) {
    for (const { brugervendtNoegle: key } of after['egenskaber'] ?? [])
      if ((await find('Ting', 'egenskaber.brugervendtNoegle', String(key))).length > 0)
        throw new Refusal(422, 'optaget', 'Nøglen er optaget.');
  },
};

let db: TestStore;
let owner: Client;
const caller = anyone();

beforeAll(async () => {
  db = await testStore({ size: 8, rules: [uniqueKey] });
  owner = await ownerOf(db);
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});
afterEach(async () => {
  expect((await revise(db.url, { types: [Ting] })).findings).toEqual([]);
});

const thing = (brugervendtNoegle: string, titel = 'først'): ObjectInput => ({
  attributter: { egenskaber: [{ virkning: always, brugervendtNoegle, titel }] },
});
const countOf = async (table: 'registration' | 'outbox', uuid: string): Promise<number> =>
  (await owner.query(`select from ${table} where object_id = $1`, [uuid])).rowCount ?? 0;

describe('T62: a hundred equal requests under one Idempotency-Key, of which a rule would refuse all but one', () => {
  const keyed = (key: string): Ask =>
    asking(caller, {
      idempotency: { key, hash: Buffer.alloc(32, 'a') },
      answer: ({ uuid, number }) => ({ status: 201, headers: { ETag: `"${number}"` }, body: uuid }),
    });
  /** As the server does it: look first, then do, and give back what was stored. */
  const once = async (key: string, act: (ask: Ask) => ReturnType<TestStore['store']['create']>) => {
    const stored = await db.store.replay(keyed(key));
    if (stored) return stored.body;
    const written = await act(keyed(key));
    return written.replayed ? written.replayed.body : written.uuid;
  };
  const hundred = <T>(make: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 100 }, make));

  it('Opret: one object, one event, equal answers', async () => {
    const key = randomUUID();
    const answers = await hundred(() => once(key, (ask) => db.store.create(ask, Ting, thing(key))));
    expect(new Set(answers).size).toBe(1);
    expect([await countOf('registration', answers[0]!), await countOf('outbox', answers[0]!)]).toEqual([
      1, 1,
    ]);
  });

  it('Passiver, which finds the object passive the second time: the same', async () => {
    const { uuid } = await db.store.create(asking(caller), Ting, thing(randomUUID()));
    const key = randomUUID();
    const answers = await hundred(() => once(key, (ask) => db.store.passivate(ask, Ting, uuid, 1)));
    expect(new Set(answers)).toEqual(new Set([uuid]));
    expect([await countOf('registration', uuid), await countOf('outbox', uuid)]).toEqual([2, 2]);
  });
});

it('T59: fifty writers of one object who begin again when they are behind: each change is there, once', async () => {
  const key = randomUUID();
  const { uuid } = await db.store.create(asking(caller), Ting, thing(key));
  const acknowledged: string[] = [];
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      for (let isDone = false; !isDone;) {
        const { number } = await db.store.read(asking(caller), Ting, uuid, NOW);
        const title = `nr. ${n} efter ${number}`;
        try {
          await db.store.patch(asking(caller), Ting, uuid, thing(key, title), number);
          acknowledged.push(title);
          isDone = true;
        } catch (cause) {
          if (!(cause instanceof Refusal) || cause.status !== 412) throw cause;
        }
      }
    }),
  );
  expect((await db.store.read(asking(caller), Ting, uuid, NOW)).number).toBe(acknowledged.length + 1);
  const titles: string[] = [];
  for (let number = 1; number <= 51; number++) {
    const { body } = await db.store.registration(asking(caller), Ting, uuid, number);
    const { attributter } = JSON.parse(body) as { attributter: { egenskaber: { titel: string }[] } };
    titles.push(...attributter.egenskaber.map(({ titel }) => titel));
  }
  expect(titles.toSorted()).toEqual(['først', ...acknowledged].toSorted());
});
