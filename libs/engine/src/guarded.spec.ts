import { randomUUID } from 'node:crypto';
import type { Caller, PrivilegeGroup } from '@stoettesystemer/access';
import { callerOf, Journal, Menneske, privilegesOf } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { AsOf, ObjectInput } from './ask';
import type { Query } from './query';
import { caller as anyCaller } from './spec/arbitrary-caller';
import { journal, search, SEED } from './spec/journal';
import { mayAtAll, sees } from './spec/naive-access';
import { always, asking, COMMON, NOW, OTHER, OWN, testStore, type TestStore } from './spec/test-store';

const CPR = '2512484916';
const NAME = 'Hemmeligsen';
const types = [Menneske, Journal];
const ALL: AsOf = { virkning: 'alle', registrering: 'nu' };
const SINCE = { fra: '2030-01-01T00:00:00Z' };
const JULY = { fra: '2026-07-01T00:00:00Z', til: '2026-08-01T00:00:00Z' };

let db: TestStore;
beforeAll(async () => {
  db = await testStore({ types });
});
afterAll(() => db.drop());

const group = (
  constraints: PrivilegeGroup['constraints'],
  kind: PrivilegeGroup['kind'] = 'system',
  privileges: readonly string[] = privilegesOf(types),
): PrivilegeGroup => ({ kind, privileges, constraints });
const callerWith = (...groups: PrivilegeGroup[]): Caller =>
  callerOf({ service: 'proeve', owner: OWN, types, groups });
const ALLOWED = { 'secpr-nummer': 'ja', senavn: '*' } as const;
const everyone = callerWith(group(ALLOWED));
const nobody = callerWith(group({}));

const human = (more: object = {}): ObjectInput => ({
  attributter: {
    egenskaber: [{ virkning: always, brugervendtNoegle: 'm', navn: NAME, cprNummer: CPR, ...more }],
  },
});
const makeHuman = async (more: object = {}): Promise<string> =>
  (await db.store.create(asking(everyone), Menneske, human(more))).uuid;
const PART = { rolle: 'Primaer', indeks: '1', reference: { urn: `urn:oio:cpr-nr:${CPR}` } };
const makeJournal = async (owner: string, kle: string): Promise<string> => {
  const caller = callerOf({ service: 'proeve', owner, types });
  const input = journal({ kle, level: 'IKKE_FORTROLIGE_DATA' }, { cprNummer: CPR });
  const part = [{ virkning: always, ...PART, fuldtNavn: NAME }];
  const relationer = { ...input.relationer, part };
  return (await db.store.create(asking(caller), Journal, { ...input, relationer })).uuid;
};

interface Shown {
  readonly attributter: { egenskaber: { cprNummer?: string | null; navn?: string | null }[] };
  readonly relationer: { part?: { fuldtNavn?: string | null }[] };
  readonly advarsler?: { sti: string; kode: string }[];
}
const shownOf = ({ body }: { body: string | null }) => JSON.parse(body ?? '') as Shown;
const cprSeen = async (caller: Caller, uuid: string): Promise<unknown> =>
  shownOf(await db.store.read(asking(caller), Menneske, uuid, NOW)).attributter.egenskaber[0]!.cprNummer;
const refusal = (sti: string) => ({ status: 403, kode: 'skjult_felt', fejl: [{ sti, kode: 'skjult_felt' }] });

describe('who is shown it', () => {
  const yes = group(ALLOWED);
  const no = group({ 'secpr-nummer': 'nej' });
  it.each<[string, PrivilegeGroup[], string | null]>([
    ['a system that is given it', [yes], CPR],
    ['a system that is not', [no], null],
    ['a system of which nothing is said', [group({})], null],
    ['one of two groups, where rows are not told apart', [no, yes], CPR],
    ['a group that gives it to something else', [no, group(ALLOWED, 'system', ['journal:laes'])], null],
    ['a system and its user', [yes, group(ALLOWED, 'user')], CPR],
    ['a system, and not its user', [yes, group({ senavn: 'ja' }, 'user')], null],
    ['a user, and not the system', [no, group(ALLOWED, 'user')], null],
  ])('A4, A7: %s', async (_, groups, seen) => {
    expect(await cprSeen(callerWith(...groups), await makeHuman())).toBe(seen);
  });

  it('T27: where rows are told apart, a group does not show what another reaches', async () => {
    const uuid = await makeJournal(OWN, '28.01.01');
    const one = group({ ...ALLOWED, kle: ['27.*'] });
    const other = group({ 'secpr-nummer': 'nej', senavn: 'ja', kle: ['28.*'] });
    const shown = shownOf(await db.store.read(asking(callerWith(one, other)), Journal, uuid, NOW));
    expect([shown.attributter.egenskaber[0]!.cprNummer, shown.relationer.part![0]!.fuldtNavn]).toEqual([
      null,
      NAME,
    ]);
  });

  it('as a naive reader of the groups has it, for any caller', async () => {
    for (const owner of [OWN, OTHER, COMMON])
      for (const kle of ['27.18.02', '28.01.01']) await makeJournal(owner, kle);
    let [seen, hidden] = [0, 0];
    await fc.assert(
      fc.asyncProperty(anyCaller, async (caller) => {
        fc.pre(mayAtAll(caller, 'laes'));
        const page = await db.store.search(asking(caller), Journal, search({ vis: null }), NOW);
        for (const body of page.data) {
          const shown = shownOf({ body });
          const isShown = { cpr: sees(caller, 'secpr-nummer', 'laes'), name: sees(caller, 'senavn', 'laes') };
          seen += Number(isShown.cpr);
          hidden += Number(!isShown.cpr);
          expect(shown.attributter.egenskaber[0]!.cprNummer).toBe(isShown.cpr ? CPR : null);
          expect(shown.relationer.part![0]!.fuldtNavn).toBe(isShown.name ? NAME : null);
          expect((shown.advarsler ?? []).map(({ sti }) => sti)).toEqual([
            ...(isShown.cpr ? [] : ['/attributter/egenskaber/cprNummer']),
            ...(isShown.name ? [] : ['/relationer/part/fuldtNavn']),
          ]);
        }
      }),
      { ...SEED, numRuns: 150 },
    );
    expect([seen > 0, hidden > 0]).toEqual([true, true]);
  });
});

describe('T33: no way around', () => {
  it('an outline has null, and asks about nothing that is withheld', async () => {
    const uuid = await makeHuman();
    const columns = ['brugervendtNoegle', 'navn', 'cprNummer'].map((member) => ({
      facet: 'egenskaber',
      member,
    }));
    const where = { felt: 'uuid', lig: uuid };
    const rows = (caller: Caller) => db.store.outline(asking(caller), Menneske, columns, where, NOW);
    expect((await rows(everyone))[0]!.values).toEqual(['m', NAME, CPR]);
    expect((await rows(nobody))[0]!.values).toEqual(['m', null, null]);
    const asked = { og: [where, { ikke: { felt: 'navn', lig: 'x' } }] };
    await expect(db.store.outline(asking(nobody), Menneske, [], asked, NOW)).rejects.toMatchObject(
      refusal('/udtryk/og/1/ikke/felt'),
    );
  });

  it('a page begun by one who may is not gone on with by one who may not', async () => {
    await makeHuman();
    await makeHuman();
    const query: Query = search({ sorter: ['navn'], limit: 1 });
    const { naeste } = await db.store.search(asking(everyone), Menneske, query, NOW);
    expect(naeste).not.toBeNull();
    const { system } = everyone;
    const same = callerOf({ service: 'proeve', owner: OWN, types, groups: [group({})], system });
    const next = db.store.search(asking(same), Menneske, { ...query, cursor: naeste }, NOW);
    await expect(next).rejects.toMatchObject(refusal('/sorter'));
  });

  it('a relation is not searched by the text of it, and is by what it points at', async () => {
    const uuid = await makeJournal(OWN, '27.18.02');
    const ask = (udtryk: object) =>
      db.store.search(
        asking(nobody),
        Journal,
        search({ udtryk: { og: [{ felt: 'uuid', lig: uuid }, udtryk as Query['udtryk'] & object] } }),
        NOW,
      );
    for (const udtryk of [
      { felt: 'part', lig: NAME },
      { felt: 'part', iblandt: [PART.reference, NAME] },
      { felt: 'part', begynderMed: 'H' },
      { felt: 'part', mellem: ['A', null] },
      { felt: 'part.fuldtNavn', findes: true },
    ])
      await expect(ask(udtryk)).rejects.toMatchObject(refusal('/udtryk/og/1/felt'));
    for (const udtryk of [
      { felt: 'part', lig: PART.reference },
      { felt: 'part', lig: PART.reference.urn },
      { felt: 'part', findes: true },
      { felt: 'part', lig: PART.reference, rolle: 'Primaer' },
    ])
      expect((await ask(udtryk)).data).toHaveLength(1);
  });

  it('the log tells who has asked for a name, and not the name', async () => {
    const transaction = randomUUID();
    const udtryk = {
      og: [
        { felt: 'navn', iblandt: [NAME, 'En Anden'] },
        { ikke: { felt: 'navn', begynderMed: NAME } },
        { felt: 'stilling', lig: 'Vikar' },
        { felt: 'tekst', lig: `er det ${NAME}` },
      ],
    };
    await db.store.search(asking(everyone, { transaction }), Menneske, search({ udtryk }), NOW);
    const columns = [{ facet: 'egenskaber', member: 'navn' }];
    await db.store.outline(
      asking(everyone, { transaction }),
      Menneske,
      columns,
      { felt: 'navn', lig: NAME },
      NOW,
    );
    const { rows } = await db.database.run(
      { owner: OWN },
      {
        name: 'criteria',
        text: 'select criteria::text from audit where transaction = $1',
        values: [transaction],
      },
    );
    expect(rows).toHaveLength(2);
    for (const { criteria } of rows) {
      expect(criteria).toContain('navn-hmac:');
      expect(criteria).not.toContain(NAME);
    }
    expect(rows[0]!['criteria']).toContain('Vikar');
    expect(rows[0]!['criteria']).not.toContain('En Anden');
  });

  it('an expression without end is refused as before', async () => {
    let udtryk: object = { felt: 'uuid', lig: randomUUID() };
    for (let depth = 0; depth < 5_000; depth++) udtryk = { ikke: udtryk };
    const asked = db.store.search(
      asking(nobody),
      Menneske,
      search({ udtryk: udtryk as Query['udtryk'] }),
      NOW,
    );
    await expect(asked).rejects.toMatchObject({ status: 400, kode: 'dybde' });
  });

  it('the answer of a change is as the answer of a read', async () => {
    const ask = asking(nobody, { represent: true });
    const { uuid, body } = await db.store.create(ask, Menneske, human());
    const values = [
      { virkning: { ...always, til: null }, brugervendtNoegle: 'm', navn: null, cprNummer: null },
    ];
    expect(shownOf({ body }).attributter.egenskaber).toEqual(values);
    const same = await db.store.patch(ask, Menneske, uuid, {}, 1);
    expect([same.outcome, shownOf(same).attributter.egenskaber]).toEqual(['uaendret', values]);
    const passive = await db.store.passivate(ask, Menneske, uuid, 1);
    expect(shownOf(passive).attributter.egenskaber).toEqual(values);
    const former = await db.store.registration(asking(nobody), Menneske, uuid, 1);
    expect(shownOf(former).attributter.egenskaber).toEqual(values);
  });
});

describe('what is withheld is kept', () => {
  const patch = (caller: Caller, uuid: string, item: object, number = 1) =>
    db.store.patch(
      asking(caller),
      Menneske,
      uuid,
      { attributter: { egenskaber: [item as Record<string, unknown>] } },
      number,
    );
  const held = async (uuid: string) =>
    shownOf(await db.store.read(asking(everyone), Menneske, uuid, ALL)).attributter.egenskaber;

  it('in each part of its time that a change divides it into', async () => {
    const uuid = await makeHuman();
    await patch(everyone, uuid, { virkning: SINCE, navn: 'Ny' });
    await patch(nobody, uuid, { virkning: JULY, stilling: 'Vikar' }, 2);
    await patch(nobody, uuid, { virkning: always, brugervendtNoegle: 'x' }, 3);
    expect(await held(uuid)).toMatchObject([
      { brugervendtNoegle: 'x', navn: NAME, cprNummer: CPR },
      { brugervendtNoegle: 'x', navn: NAME, cprNummer: CPR, stilling: 'Vikar', virkning: JULY },
      { brugervendtNoegle: 'x', navn: NAME, cprNummer: CPR },
      { brugervendtNoegle: 'x', navn: 'Ny', cprNummer: CPR, virkning: SINCE },
    ]);
  });

  it('against an end, a clearing, and a gap in the middle', async () => {
    const uuid = await makeHuman();
    const before = await held(uuid);
    for (const item of [
      { virkning: JULY, slut: true },
      { virkning: SINCE, cprNummer: null },
      { virkning: JULY, cprNummer: '0101010101' },
    ])
      await expect(patch(nobody, uuid, item)).rejects.toMatchObject({ status: 403, kode: 'skjult_felt' });
    expect(await held(uuid)).toEqual(before);
  });

  it('where there is nothing to keep, a clearing changes nothing and a whole object replaces', async () => {
    const uuid = await makeHuman({ cprNummer: undefined });
    const blind = callerWith(group({ senavn: 'ja' }));
    expect((await patch(blind, uuid, { virkning: SINCE, cprNummer: null })).outcome).toBe('uaendret');
    const put = await db.store.put(
      asking(blind),
      Menneske,
      uuid,
      human({ cprNummer: undefined, navn: 'En anden' }),
      1,
    );
    expect(put.outcome).toBe('rettet');
    expect(await held(uuid)).toMatchObject([{ navn: 'En anden' }]);
  });

  it('a relation is said as a whole, so that leaving its guarded member out would lose it', async () => {
    const uuid = await makeJournal(OWN, '27.18.02');
    const ret = (item: object, more: object = {}) =>
      db.store.patch(asking(nobody), Journal, uuid, { ...more, relationer: { part: [item as never] } }, 1);
    const item = { virkning: SINCE, ...PART };
    await expect(ret(item)).rejects.toMatchObject(refusal('/relationer/part/fuldtNavn'));
    await expect(ret({ ...item, virkning: always }, { erstat: true })).rejects.toMatchObject({ status: 403 });
    await expect(ret({ ...item, reference: null })).rejects.toMatchObject({ status: 403 });
    expect((await ret({ ...item, indeks: '2' })).outcome).toBe('rettet');
  });

  it('by a bulk, line by line; what is new may be written, and what is erased is new', async () => {
    const [known, fresh] = [await makeHuman(), randomUUID()];
    const load = (uuid: string, input: ObjectInput, type = 'Menneske') =>
      db.store.bulk(asking(nobody), [{ line: 1, type, uuid, input }]);
    expect(await load(known, human())).toMatchObject([{ status: 403, fejl: [{ kode: 'skjult_felt' }] }]);
    expect(await load(fresh, human())).toMatchObject([{ status: 201 }]);
    const erased = await makeJournal(OWN, '27.18.02');
    await db.store.remove(asking(everyone), Journal, erased, 1);
    const again = journal({ kle: '27.18.02' }, { cprNummer: CPR });
    expect(await load(erased, again, 'Journal')).toMatchObject([{ status: 200, outcome: 'importeret' }]);
  });
});
