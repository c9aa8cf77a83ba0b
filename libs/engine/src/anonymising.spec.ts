import { randomUUID } from 'node:crypto';
import { define, group, many, one, parseInstant, text } from '@stoettesystemer/object';
import { callerOf, Menneske } from '@stoettesystemer/testing';
import type { Client } from 'pg';
import type { AsOf, ObjectInput } from './ask';
import { revise } from './revisor';
import { search } from './spec/journal';
import { always, asking, NOW, OTHER, OWN, ownerOf, testStore, type TestStore } from './spec/test-store';

/** What points at people, in every way that one can. */
const Konto = define({
  name: 'Konto',
  path: 'konti',
  doc: 'En konto.',
  deletion: 'logical',
  attributes: {
    egenskaber: group('Hvad den hedder.', { navn: text({ search: true, max: 100, doc: 'Navnet.' }) }),
  },
  states: {},
  relations: {
    ejer: one('Menneske', { search: true, personal: true, doc: 'Ejeren.' }),
    brugere: many('Menneske', {
      search: true,
      personal: true,
      fields: { kaldenavn: text({ search: true, personal: true, max: 100, doc: 'Navnet.' }) },
      doc: 'Dem, der bruger den.',
    }),
  },
});
const types = [Menneske, Konto];
const ALL: AsOf = { virkning: 'alle', registrering: 'nu' };
const [NAME, FORMER, CPR, OLD] = ['Åse Glemsel', 'Aase Tidligere', '2512484916', '0101010101'] as const;
const PLAIN = [NAME, FORMER, CPR, OLD, 'medarbejder-77', '251248-4916'];
const LEFT = {
  leaves: { egenskaber: { brugervendtNoegle: 'anonym', navn: 'Anonymiseret' } },
  note: 'Sletning',
};
const URN = `urn:oio:cpr-nr:${CPR}`;

let db: TestStore;
let sql: Client;
beforeAll(async () => {
  db = await testStore({ types });
  sql = await ownerOf(db);
});
afterAll(async () => {
  await sql.end();
  await db.drop();
});

const callers = new Map([OWN, OTHER].map((owner) => [owner, callerOf({ service: 'proeve', owner, types })]));
const ask = (more: Parameters<typeof asking>[1] = {}, owner = OWN) => asking(callers.get(owner)!, more);
const remembered = () => ({
  idempotency: { key: randomUUID(), hash: Buffer.alloc(32) },
  represent: true,
  answer: ({ body }: { body: string | null }) => ({ status: 201, headers: {}, body }),
});
const human = (more: object = {}): ObjectInput => ({
  attributter: {
    egenskaber: [
      {
        virkning: { ...always, note: `Om ${NAME}` },
        brugervendtNoegle: 'medarbejder-77',
        navn: NAME,
        cprNummer: CPR,
        ...more,
      },
    ],
  },
});
const account = (relationer: object, navn = 'konto'): ObjectInput => ({
  attributter: { egenskaber: [{ virkning: always, navn }] },
  relationer: relationer as NonNullable<ObjectInput['relationer']>,
});
/** Somebody with a past: another name, another number, and a place in July. */
async function somebody(owner = OWN): Promise<string> {
  const asked = () => ask(remembered(), owner);
  const { uuid } = await db.store.create(asked(), Menneske, {
    ...human({ navn: FORMER, cprNummer: OLD }),
    note: `Indlæst: ${FORMER}`,
    brugerRef: { uuid: randomUUID(), label: NAME },
  });
  await db.store.patch(asked(), Menneske, uuid, human(), 1);
  const july = { fra: '2026-07-01T00:00:00Z', til: '2026-08-01T00:00:00Z' };
  await db.store.patch(
    asked(),
    Menneske,
    uuid,
    { attributter: { egenskaber: [{ virkning: july, stilling: 'Vikar for Aase Tidligere' }] } },
    2,
  );
  return uuid;
}
const anonymise = (uuid: string, number: number, more: object = {}, owner = OWN) =>
  db.store.anonymise(ask({ represent: true }, owner), Menneske, uuid, number, { ...LEFT, ...more });

/** Where any of the texts still stands, over all tables. */
async function tracesOf(texts: readonly string[]): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const found: string[] = [];
  for (const { name } of rows)
    for (const each of texts) {
      const { rowCount } = await sql.query(`select from ${name} t where t::text ilike '%' || $1 || '%'`, [
        each,
      ]);
      if (rowCount) found.push(`${name}: ${each}`);
    }
  return found;
}
const shapeOf = async (uuid: string) =>
  (
    await sql.query(
      `select number, facet, slot, valid::text, recorded::text from fact where object_id = $1 order by id`,
      [uuid],
    )
  ).rows;
const registrationsOf = async (uuid: string) =>
  (
    await sql.query<{ number: number; id: string; at: string; lifecycle: string; note: string | null }>(
      `select number, id, recorded_at::text as at, lifecycle, note from registration where object_id = $1 order by number`,
      [uuid],
    )
  ).rows;

describe('one who is made anonymous', () => {
  it('is told of nowhere any more: not now, not then, and not by what points at them', async () => {
    const uuid = await somebody();
    const [july, since] = [{ ...always, til: '2021-07-01T00:00:00Z' }, { fra: '2021-01-01T00:00:00Z' }];
    const linked = await db.store.create(
      ask(remembered()),
      Konto,
      account({
        ejer: [{ virkning: { ...always, note: `Det er ${NAME}.` }, reference: { uuid, label: NAME } }],
        brugere: [
          { virkning: july, reference: { uuid, label: FORMER }, kaldenavn: 'Aase Tidligere' },
          { virkning: since, reference: { urn: URN } },
          { virkning: always, reference: { urn: 'urn:oio:cpr-nr:251248-4916' } },
          { virkning: always, reference: { uuid: randomUUID(), label: 'En anden' } },
        ],
      }),
    );
    await db.store.patch(
      ask(),
      Konto,
      linked.uuid,
      { note: `${CPR} er ny`, attributter: { egenskaber: [{ virkning: since, navn: 'ny' }] } },
      1,
    );
    expect(await tracesOf(PLAIN)).not.toEqual([]);
    const [shape, registrations] = [await shapeOf(uuid), await registrationsOf(uuid)];
    const earlier = parseInstant(`${registrations[0]!.at.replace(' ', 'T')}:00`)!;

    const written = await anonymise(uuid, 3);

    expect(written).toMatchObject({ outcome: 'importeret', number: 5 });
    expect(await tracesOf(PLAIN)).toEqual([]);
    // When something held and when it was known is as it was; so is who points at them.
    expect(await shapeOf(uuid)).toEqual(shape);
    expect(await registrationsOf(uuid)).toEqual([
      ...registrations.map((each) => ({ ...each, note: null })),
      expect.objectContaining({ number: 4, lifecycle: 'Slettet', note: 'Sletning' }),
      expect.objectContaining({ number: 5, lifecycle: 'Importeret', note: 'Sletning' }),
    ]);
    for (const at of [NOW, { virkning: 'alle', registrering: { at: earlier } } as const]) {
      const { body } = await db.store.read(ask(), Menneske, uuid, at);
      for (const item of (JSON.parse(body) as { attributter: { egenskaber: object[] } }).attributter
        .egenskaber)
        expect({ ...item, virkning: 0 }).toEqual({ virkning: 0, ...LEFT.leaves.egenskaber });
    }
    const account1 = JSON.parse((await db.store.read(ask(), Konto, linked.uuid, ALL)).body) as {
      registrering: object;
      relationer: Record<string, { virkning: object; reference: object }[]>;
    };
    expect(account1.registrering).toMatchObject({ nummer: 3, livscyklus: 'Rettet' });
    expect(account1.relationer['ejer']).toMatchObject([{ reference: { uuid } }]);
    const uses = account1.relationer['brugere']!.filter(({ reference }) => !('label' in reference));
    // Where several pointed at once one is left, and no time is lost.
    expect(uses.map(({ virkning, reference }) => [virkning, reference])).toEqual([
      [{ fra: '2020-01-01T00:00:00Z', til: '2021-07-01T00:00:00Z' }, { uuid }],
      [{ fra: '2021-07-01T00:00:00Z', til: null }, { uuid }],
    ]);
    const found = await db.store.search(
      ask(),
      Konto,
      search({ udtryk: { felt: 'brugere', lig: { uuid } } }),
      NOW,
    );
    expect(found.data).toHaveLength(1);
    for (const value of [CPR, OLD])
      expect(
        await db.store.everKnown(ask(), Menneske, { facet: 'egenskaber', member: 'cprNummer' }, value),
      ).toEqual([]);
    expect((await revise(db.url, { types })).findings).toEqual([]);
  });

  it('is so once: again nothing is written', async () => {
    const uuid = await somebody();
    await anonymise(uuid, 3);
    expect(await anonymise(uuid, 5)).toMatchObject({ outcome: 'uaendret', number: 5 });
    expect(await registrationsOf(uuid)).toHaveLength(5);
    await expect(anonymise(uuid, 3)).rejects.toMatchObject({ status: 412 });
  });

  it('may be passive or deleted already, and stays so', async () => {
    for (const end of ['passivate', 'remove'] as const) {
      const uuid = await somebody();
      await db.store[end](ask(), Menneske, uuid, 3, `Farvel ${NAME}`);
      expect(await anonymise(uuid, 4)).toMatchObject({ outcome: 'slettet', number: 5 });
      await expect(db.store.read(ask(), Menneske, uuid, NOW)).rejects.toMatchObject({ status: 404 });
    }
    expect(await tracesOf(PLAIN)).toEqual([]);
    expect((await revise(db.url, { types })).findings).toEqual([]);
  });

  it('leaves what points at them from a passive object passive, and another municipality’s alone', async () => {
    const uuid = await somebody();
    const passive = await db.store.create(
      ask(),
      Konto,
      account({ ejer: [{ virkning: always, reference: { urn: URN } }] }),
    );
    await db.store.passivate(ask(), Konto, passive.uuid, 1);
    const theirs = await somebody(OTHER);
    const before = [await shapeOf(theirs), await registrationsOf(theirs)];
    await anonymise(uuid, 3);
    const history = await registrationsOf(passive.uuid);
    expect(history.map(({ lifecycle }) => lifecycle)).toEqual(['Opstaaet', 'Passiveret']);
    expect([await shapeOf(theirs), await registrationsOf(theirs)]).toEqual(before);
    expect(await tracesOf([FORMER])).toContain(`fact: ${FORMER}`);
    await anonymise(theirs, 3, {}, OTHER);
    expect(await tracesOf(PLAIN)).toEqual([]);
  });

  it('is not told of by the reason that is given', async () => {
    const uuid = await somebody();
    for (const note of [`Efter ønske fra ${NAME.toLowerCase()}`, `cpr ${CPR}`, `(${FORMER})`])
      await expect(anonymise(uuid, 3, { note })).rejects.toMatchObject({ status: 422, kode: 'navngiver' });
    // A word that begins like a name is no name.
    expect(await anonymise(uuid, 3, { note: 'Åse Glemselsen' })).toMatchObject({ number: 5 });
  });

  it('is found by a number that they had once, by one who may see it', async () => {
    const uuid = await somebody();
    const field = { facet: 'egenskaber', member: 'cprNummer' };
    for (const value of [CPR, OLD])
      expect(await db.store.everKnown(ask(), Menneske, field, value)).toEqual([{ uuid, number: 3 }]);
    expect(await db.store.everKnown(ask({}, OTHER), Menneske, field, CPR)).toEqual([]);
    const blind = callerOf({
      service: 'proeve',
      owner: OWN,
      types,
      groups: [{ kind: 'system', privileges: ['menneske:historik'], constraints: {} }],
    });
    await expect(db.store.everKnown(asking(blind), Menneske, field, CPR)).rejects.toMatchObject({
      kode: 'skjult_felt',
    });
    await anonymise(uuid, 3);
  });
});
