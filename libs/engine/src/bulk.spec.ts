import { randomUUID } from 'node:crypto';
import { formatInstant, invalid, parseInstant } from '@stoettesystemer/object';
import { poolFor } from '@stoettesystemer/postgres';
import { callerOf, Journal, Ting } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { Pool } from 'pg';
import type { BulkItem, BulkResult, FormerRegistration, ObjectInput } from './ask';
import type { Rule } from './rule';
import {
  always,
  anyone,
  asking,
  COMMON,
  NOW,
  OTHER,
  OWN,
  testStore,
  type TestStore,
} from './spec/test-store';

/** A made-up rule of the domain. */
const noOdd: Rule = {
  types: ['Ting'],
  facets: ['egenskaber'],
  check({ after }) {
    if ((after['egenskaber'] ?? []).some(({ antal }) => antal === 13))
      throw invalid('uheld', '/attributter/egenskaber', 'Tretten går ikke.');
  },
};

let db: TestStore;
let owner: Pool;
const caller = anyone();
const ask = () => asking(caller);

beforeAll(async () => {
  db = await testStore({ rules: [noOdd] });
  owner = poolFor(db.url, { size: 2 });
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});

const thing = (members: object = {}): ObjectInput => ({
  attributter: { egenskaber: [{ virkning: always, brugervendtNoegle: 'n', ...members }] },
});
let lines = 0;
const item = (input: ObjectInput, more: Partial<BulkItem> = {}): BulkItem => ({
  line: ++lines,
  type: 'Ting',
  uuid: randomUUID(),
  input,
  ...more,
});
const bulk = (items: readonly BulkItem[], options = {}, who = caller) =>
  db.store.bulk(asking(who), items, options);
const outcomes = (results: readonly BulkResult[]) =>
  results.map(({ status, outcome }) => `${status} ${outcome}`);
const titleOf = async (uuid: string): Promise<unknown> => {
  const { body } = await db.store.read(ask(), Ting, uuid, NOW);
  return (JSON.parse(body) as { attributter: { egenskaber: { titel?: string }[] } }).attributter.egenskaber[0]
    ?.titel;
};
const counts = async (): Promise<Record<string, number>> => {
  const { rows } = await owner.query<{ name: string; n: number }>(
    ['object', 'registration', 'fact', 'term', 'prose', 'outbox', 'audit']
      .map((name) => `select '${name}' as name, count(*)::int as n from ${name}`)
      .join(' union all '),
  );
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
};

describe('an import of many', () => {
  it('writes the good lines and says of each bad one why, in the order of the lines', async () => {
    const items = [
      item(thing()),
      item({ attributter: {} }),
      item(thing(), { type: 'Ukendt' }),
      item({ attributter: { egenskaber: [{ virkning: { fra: 'i går' }, brugervendtNoegle: 'n' }] } }),
      item({
        attributter: {
          egenskaber: [
            {
              virkning: { fra: '2020-01-01T00:00:00Z', til: '2020-01-01T00:00:00Z' },
              brugervendtNoegle: 'n',
            },
          ],
        },
      }),
      item({
        attributter: {
          egenskaber: [
            { virkning: always, brugervendtNoegle: 'a' },
            { virkning: always, brugervendtNoegle: 'b' },
          ],
        },
      }),
      item(thing({ antal: 13 })),
      item(thing({ titel: 'nul \u0000 i midten' })),
      item(thing()),
      item(thing(), { uuid: undefined } as never),
    ];
    const results = await bulk(items);
    expect(results.map(({ line }) => line)).toEqual(items.map(({ line }) => line));
    expect(results.map(({ status, fejl }) => [status, fejl?.[0]?.kode])).toEqual([
      [201, undefined],
      [422, 'paakraevet'],
      [422, 'objekttype'],
      [400, 'tidspunkt'],
      [422, 'periode'],
      [422, 'overlap'],
      [422, 'uheld'],
      [422, 'konflikt'],
      [201, undefined],
      [201, undefined],
    ]);
    for (const { status, uuid } of results)
      if (status === 201) await expect(titleOf(uuid)).resolves.toBeUndefined();
    for (const at of [1, 5, 6, 7])
      await expect(db.store.read(ask(), Ting, items[at]!.uuid!, NOW)).rejects.toMatchObject({ status: 404 });
  });

  it('is the same to every line whatever the others are', async () => {
    const kind = fc.constantFrom('good', 'rule', 'database', 'form');
    await fc.assert(
      fc.asyncProperty(fc.array(kind, { minLength: 1, maxLength: 12 }), async (kinds) => {
        const inputs = {
          good: thing(),
          rule: thing({ antal: 13 }),
          database: thing({ titel: '\u0000' }),
          form: { attributter: {} },
        };
        const items = kinds.map((each) => item(inputs[each as keyof typeof inputs]));
        const results = await bulk(items);
        expect(results.map(({ uuid }) => uuid)).toEqual(items.map(({ uuid }) => uuid));
        expect(results.map(({ status }) => status)).toEqual(
          kinds.map((each) => (each === 'good' ? 201 : 422)),
        );
        const { rows } = await owner.query('select id from object where id = any($1)', [
          items.map(({ uuid }) => uuid),
        ]);
        expect(rows).toHaveLength(kinds.filter((each) => each === 'good').length);
      }),
      { numRuns: 40 },
    );
  });

  it('does nothing the second time', async () => {
    const items = Array.from({ length: 20 }, (_, n) => item(thing({ titel: `${n}` })));
    expect(new Set(outcomes(await bulk(items)))).toEqual(new Set(['201 oprettet']));
    const before = await counts();
    expect(new Set(outcomes(await bulk(items)))).toEqual(new Set(['200 uaendret']));
    expect(await counts()).toEqual(before);
    items[7] = { ...items[7]!, input: thing({ titel: 'ny' }) };
    const third = await bulk(items);
    expect(outcomes(third).filter((each) => each === '200 rettet')).toHaveLength(1);
    expect(await titleOf(items[7].uuid!)).toBe('ny');
  });

  it('is only judged when it is only to be judged', async () => {
    const items = [item(thing()), item(thing({ antal: 13 })), item({ attributter: {} })];
    const before = await counts();
    expect(outcomes(await bulk(items, { validateOnly: true }))).toEqual([
      '201 oprettet',
      '422 afvist',
      '422 afvist',
    ]);
    expect(await counts()).toEqual(before);
  });

  it('takes two lines of one UUID one after the other', async () => {
    const uuid = randomUUID();
    const items = ['a', 'b', 'b', 'c'].map((titel, n) =>
      item(thing({ titel }), { uuid: n === 2 ? uuid.toUpperCase() : uuid }),
    );
    expect(outcomes(await bulk([items[0]!, item(thing()), ...items.slice(1)]))).toEqual([
      '201 oprettet',
      '201 oprettet',
      '200 rettet',
      '200 uaendret',
      '200 rettet',
    ]);
    expect(await titleOf(uuid)).toBe('c');
    expect(await db.store.history(ask(), Ting, uuid, { limit: 9, before: null })).toHaveLength(3);
  });

  it('revives what is passive or deleted', async () => {
    const items = [item(thing()), item(thing())];
    await bulk(items);
    await db.store.passivate(ask(), Ting, items[0]!.uuid!, 1);
    await db.store.remove(ask(), Ting, items[1]!.uuid!, 1);
    expect(outcomes(await bulk(items))).toEqual(['200 importeret', '200 importeret']);
    const journal = item(thing({ titel: 'x' }), { type: 'Journal' });
    await bulk([journal]);
    await db.store.remove(ask(), Journal, journal.uuid!, 1);
    const bare = {
      ...journal,
      input: { relationer: { enhed: [{ virkning: always, reference: { uuid: randomUUID() } }] } },
    };
    expect((await bulk([bare]))[0]).toMatchObject({ status: 422, fejl: [{ kode: 'paakraevet' }] });
    await expect(db.store.put(ask(), Journal, journal.uuid!, bare.input, null)).rejects.toMatchObject({
      status: 422,
    });
    expect(outcomes(await bulk([journal]))).toEqual(['200 importeret']);
    expect((await db.store.read(ask(), Journal, journal.uuid!, NOW)).number).toBe(3);
  });

  it('makes one object of a line that several send at once', async () => {
    for (let round = 0; round < 10; round++) {
      const one = item(thing());
      const results = (await Promise.all(Array.from({ length: 5 }, () => bulk([one])))).flat();
      expect(outcomes(results).sort()).toEqual([...Array<string>(4).fill('200 uaendret'), '201 oprettet']);
    }
  });

  it("refuses what is not the caller's, line by line", async () => {
    const common = item(thing());
    await bulk([common], {}, anyone(COMMON));
    const theirs = item(thing());
    await bulk([theirs], {}, anyone(OTHER));
    const other = item(thing(), { type: 'Journal' });
    await bulk([other]);
    const results = await bulk([common, theirs, { ...other, type: 'Ting' }, item(thing())]);
    expect(results.map(({ status, fejl }) => [status, fejl?.[0]?.kode])).toEqual([
      [403, 'faelles'],
      [201, undefined],
      [404, 'findes_ikke'],
      [201, undefined],
    ]);
    const only = callerOf({ service: 'proeve', owner: OWN, types: [Ting] });
    const before = await counts();
    const barred = await bulk(
      Array.from({ length: 50 }, () => item(thing(), { type: 'Journal' })),
      {},
      only,
    );
    expect(new Set(outcomes(barred))).toEqual(new Set(['403 afvist']));
    expect((await counts())['audit']).toBe(before['audit']! + 2);
  });
});

describe('an import of full histories', () => {
  const at = (n: number) => formatInstant(parseInstant('2020-01-01T00:00:00Z')! + BigInt(n) * 1_000_001n);
  const former = (
    n: number,
    input: ObjectInput,
    more: Partial<FormerRegistration> = {},
  ): FormerRegistration => ({ fra: at(n), ...input, ...more });
  const chronicle = (...history: FormerRegistration[]): BulkItem => item({}, { history });
  const body = (text: string) => {
    const { registrering, ...rest } = JSON.parse(text) as { registrering: Record<string, unknown> };
    return { registrering, rest };
  };

  /** What an object is after each registration, put in one at a time by itself. */
  it('answers at every former registration what it would, had each been made when it was', async () => {
    const span = fc.constantFrom([2000, null], [2000, 2010], [2005, 2020], [2015, null]);
    const virkning = span.map(([fra, til]) => ({
      fra: `${fra}-01-01T00:00:00Z`,
      ...(til === null ? {} : { til: `${til}-01-01T00:00:00Z` }),
    }));
    const state = fc
      .record({
        titel: fc.constantFrom('a', 'b', 'c'),
        ids: fc.uniqueArray(
          fc.record({ id: fc.constantFrom('1', '2', '3'), virkning, beloeb: fc.constantFrom('1', '2') }),
          { maxLength: 3, selector: ({ id }) => id },
        ),
        gyldighed: fc.option(fc.record({ virkning, vaerdi: fc.constantFrom('Aktiv', 'Inaktiv') })),
      })
      .map(({ titel, ids, gyldighed }): ObjectInput => ({
        attributter: { egenskaber: [{ virkning: always, brugervendtNoegle: 'n', titel }], linje: ids },
        tilstande: gyldighed ? { gyldighed: [gyldighed] } : {},
      }));
    await fc.assert(
      fc.asyncProperty(fc.array(state, { minLength: 1, maxLength: 6 }), async (states) => {
        const line = chronicle(...states.map((each, n) => former(n, each)));
        expect(outcomes(await bulk([line]))).toEqual(['201 oprettet']);
        const naive = randomUUID();
        for (const [n, each] of states.entries()) {
          await db.store.put(
            ask(),
            Ting,
            naive,
            each,
            n === 0
              ? null
              : (await db.store.history(ask(), Ting, naive, { limit: 1, before: null }))[0]!.number,
          );
          const expected = body((await db.store.read(ask(), Ting, naive, { ...NOW, virkning: 'alle' })).body);
          for (const seen of [
            await db.store.registration(ask(), Ting, line.uuid!, n + 1),
            await db.store.read(ask(), Ting, line.uuid!, {
              virkning: 'alle',
              registrering: { at: parseInstant(at(n))! },
            }),
          ]) {
            const found = body(seen.body);
            expect({ ...found.rest, uuid: '' }).toEqual({ ...expected.rest, uuid: '' });
            expect(found.registrering).toMatchObject({
              nummer: n + 1,
              fra: at(n),
              til: n + 1 < states.length ? at(n + 1) : null,
            });
          }
        }
        await expect(
          db.store.read(ask(), Ting, line.uuid!, {
            virkning: 'alle',
            registrering: { at: parseInstant(at(0))! - 1n },
          }),
        ).rejects.toMatchObject({ status: 404 });
        expect(outcomes(await bulk([line]))).toEqual(['200 uaendret']);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('is followed by changes like any other object, and does nothing when sent again after them', async () => {
    const line = chronicle(
      former(0, thing({ titel: 'a' })),
      former(1, thing({ titel: 'b' }), { note: 'rettet', livscyklus: 'Rettet' }),
    );
    await bulk([line]);
    await db.store.patch(ask(), Ting, line.uuid!, thing({ titel: 'c' }), 2);
    const before = await counts();
    expect(outcomes(await bulk([line]))).toEqual(['200 uaendret']);
    expect(await counts()).toEqual(before);
    expect(await titleOf(line.uuid!)).toBe('c');
    expect(outcomes(await bulk([{ ...line, history: [line.history![0]!] }]))).toEqual(['200 uaendret']);
    const tale = (await db.store.history(ask(), Ting, line.uuid!, { limit: 9, before: null })).map(
      ({ number, lifecycle, note }) => [number, lifecycle, note],
    );
    expect(tale).toEqual([
      [3, 'Rettet', null],
      [2, 'Rettet', 'rettet'],
      [1, 'Importeret', null],
    ]);
  });

  it.each<[string, (line: BulkItem) => BulkItem]>([
    [
      'content',
      ({ history, ...line }) => ({
        ...line,
        history: [history![0]!, { ...history![1]!, ...thing({ titel: 'x' }) }],
      }),
    ],
    [
      'times',
      ({ history, ...line }) => ({ ...line, history: [{ ...history![0]!, fra: at(-1) }, history![1]!] }),
    ],
    [
      'a registration more',
      ({ history, ...line }) => ({ ...line, history: [...history!, former(2, thing())] }),
    ],
    [
      'another note',
      ({ history, ...line }) => ({ ...line, history: [history![0]!, { ...history![1]!, note: 'x' }] }),
    ],
  ])('is refused for an object that has another history: other %s', async (_, change) => {
    const line = chronicle(former(0, thing({ titel: 'a' })), former(1, thing({ titel: 'b' })));
    await bulk([line]);
    const [result] = await bulk([change(line)]);
    expect(result).toMatchObject({ status: 409, outcome: 'afvist' });
  });

  it.each<[string, () => FormerRegistration[], number, string]>([
    ['an empty one', () => [], 422, 'historik'],
    ['one out of order', () => [former(1, thing()), former(0, thing())], 422, 'raekkefoelge'],
    [
      'one with two at one time',
      () => [former(1, thing()), former(1, thing({ titel: 'x' }))],
      422,
      'raekkefoelge',
    ],
    [
      'one of the future',
      () => [former(0, thing()), { ...former(1, thing()), fra: '2999-01-01T00:00:00Z' }],
      422,
      'fremtid',
    ],
    ['one without a time', () => [{ ...former(0, thing()), fra: '2020-01-01' }], 422, 'tidspunkt'],
    [
      'one that misses what is required',
      () => [former(0, thing()), former(1, { attributter: {} })],
      422,
      'paakraevet',
    ],
    [
      'one with an unknown step',
      () => [former(0, thing(), { livscyklus: 'constructor' })],
      422,
      'livscyklus',
    ],
    [
      'one that begins in the middle',
      () => [former(0, thing(), { livscyklus: 'Rettet' })],
      409,
      'livscyklus',
    ],
    [
      'one that begins twice',
      () => [former(0, thing()), former(1, thing(), { livscyklus: 'Opstaaet' })],
      409,
      'livscyklus',
    ],
    [
      'one corrected after its end',
      () => [
        former(0, thing()),
        former(1, thing(), { livscyklus: 'Slettet' }),
        former(2, thing(), { livscyklus: 'Rettet' }),
      ],
      409,
      'livscyklus',
    ],
    ['one that breaks a rule', () => [former(0, thing()), former(1, thing({ antal: 13 }))], 422, 'uheld'],
  ])('is refused as %s', async (_, history, status, kode) => {
    const line = chronicle(...history());
    const [result] = await bulk([line, item(thing())]);
    expect([result!.status, result!.fejl?.[0]?.kode]).toEqual([status, kode]);
    await expect(db.store.history(ask(), Ting, line.uuid!, { limit: 1, before: null })).rejects.toMatchObject(
      { status: 404 },
    );
  });

  it('may end, and begin again', async () => {
    const steps = ['Opstaaet', 'Passiveret', 'Importeret', 'Rettet', 'Slettet', 'Importeret'].map(
      (livscyklus, n) => former(n, thing({ titel: `${n}` }), { livscyklus }),
    );
    const line = chronicle(...steps);
    expect(outcomes(await bulk([line]))).toEqual(['201 oprettet']);
    for (const [n, { livscyklus }] of steps.entries()) {
      const reading = db.store.read(ask(), Ting, line.uuid!, {
        virkning: 'nu',
        registrering: { at: parseInstant(at(n))! },
      });
      if (livscyklus === 'Passiveret' || livscyklus === 'Slettet')
        await expect(reading).rejects.toMatchObject({ status: 404 });
      else await expect(reading).resolves.toMatchObject({ number: n + 1 });
    }
    const gone = item(
      {},
      { type: 'Journal', history: [former(0, thing()), former(1, thing(), { livscyklus: 'Slettet' })] },
    );
    expect((await bulk([gone]))[0]).toMatchObject({ status: 409 });
  });

  it('asks for the right to histories', async () => {
    const groups = [{ kind: 'system' as const, privileges: ['ting:importer', 'ting:laes'], constraints: {} }];
    const narrow = callerOf({ service: 'proeve', owner: OWN, types: [Ting], groups });
    const results = await bulk([chronicle(former(0, thing())), item(thing())], {}, narrow);
    expect(outcomes(results)).toEqual(['403 afvist', '201 oprettet']);
  });
});
