import { randomUUID } from 'node:crypto';
import { define, group, keyed, many, one, state, text } from '@stoettesystemer/object';
import { callerOf } from '@stoettesystemer/testing';
import type { ObjectInput } from './ask';
import { always, asking, OWN, testStore, type TestStore } from './spec/test-store';

const Krav = define({
  name: 'Krav',
  path: 'krav',
  doc: 'En opdigtet type, der kræver noget af alt.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Egenskaber.',
      {
        navn: text({ required: true, max: 20, doc: 'Navnet.' }),
        note: text({ max: 20, doc: 'Noten.' }),
      },
      { required: true },
    ),
    linje: keyed('id', 'Linjer.', {
      id: text({ required: true, max: 20, doc: 'Nøglen.' }),
      tekst: text({ required: true, max: 20, doc: 'Teksten.' }),
    }),
  },
  states: { status: state(['Ja', 'Nej'], { required: true, doc: 'Status.' }) },
  relations: {
    ejer: one('Ting', { required: true, doc: 'Ejeren.' }),
    naboer: many('Ting', { required: true, doc: 'Naboerne.' }),
    part: many('Person', {
      required: true,
      indexed: true,
      roles: { Primaer: randomUUID() },
      doc: 'Parterne.',
    }),
  },
});

let db: TestStore;
const caller = callerOf({ service: 'proeve', owner: OWN, types: [Krav] });
beforeAll(async () => {
  db = await testStore({ types: [Krav] });
});
afterAll(async () => db.drop());

const [a, b] = [{ uuid: randomUUID() }, { uuid: randomUUID() }];
const all = {
  attributter: { egenskaber: [{ virkning: always, navn: 'n' }] },
  tilstande: { status: [{ virkning: always, vaerdi: 'Ja' }] },
  relationer: {
    ejer: [{ virkning: always, reference: a }],
    naboer: [a, b].map((reference) => ({ virkning: always, reference })),
    part: ['1', '2'].map((indeks) => ({ virkning: always, rolle: 'Primaer', indeks, reference: a })),
  },
};
const without = (section: keyof typeof all, facet: string): ObjectInput => ({
  ...all,
  [section]: Object.fromEntries(Object.entries(all[section]).filter(([name]) => name !== facet)),
});
const made = async () => (await db.store.create(asking(caller), Krav, all)).uuid;
const patched = async (input: ObjectInput) => db.store.patch(asking(caller), Krav, await made(), input, 1);
const lacks = (facet: string) => ({
  status: 422,
  kode: 'paakraevet',
  fejl: [{ sti: facet, kode: 'paakraevet' }],
});

const FACETS = [
  ['attributter', 'egenskaber'],
  ['tilstande', 'status'],
  ['relationer', 'ejer'],
  ['relationer', 'naboer'],
  ['relationer', 'part'],
] as const;

describe('what a type requires', () => {
  it.each(FACETS)('is there when an object is made or put: %s %s', async (section, facet) => {
    const input = without(section, facet);
    const refused = lacks(`/${section}/${facet}`);
    await expect(db.store.create(asking(caller), Krav, input)).rejects.toMatchObject(refused);
    await expect(db.store.put(asking(caller), Krav, randomUUID(), input, null)).rejects.toMatchObject(
      refused,
    );
    await expect(db.store.put(asking(caller), Krav, await made(), input, 1)).rejects.toMatchObject(refused);
    const uuid = await made();
    await db.store.remove(asking(caller), Krav, uuid, 1);
    await expect(db.store.put(asking(caller), Krav, uuid, input, null)).rejects.toMatchObject(refused);
  });

  it.each<[string, string, ObjectInput]>([
    [
      'a group',
      '/attributter/egenskaber',
      { attributter: { egenskaber: [{ virkning: always, slut: true }] } },
    ],
    ['a state', '/tilstande/status', { tilstande: { status: [{ virkning: always, vaerdi: null }] } }],
    ['a relation', '/relationer/ejer', { relationer: { ejer: [{ virkning: always, reference: null }] } }],
    [
      'all of a relation, each by itself',
      '/relationer/naboer',
      { relationer: { naboer: [a, b].map((reference) => ({ virkning: always, reference, slut: true })) } },
    ],
    [
      'all of a relation at once',
      '/relationer/naboer',
      { relationer: { naboer: [{ virkning: always, reference: null }] } },
    ],
    ['all of a relation by replacing it', '/relationer/naboer', { erstat: true, relationer: { naboer: [] } }],
    [
      'all of an indexed relation',
      '/relationer/part',
      {
        relationer: {
          part: ['1', '2'].map((indeks) => ({ virkning: always, rolle: 'Primaer', indeks, reference: null })),
        },
      },
    ],
  ])('is not ended: %s', async (_, facet, input) => {
    await expect(patched(input)).rejects.toMatchObject(lacks(facet));
  });

  it.each<[string, ObjectInput]>([
    ['one of several', { relationer: { naboer: [{ virkning: always, reference: a, slut: true }] } }],
    [
      'one of several by its index',
      { relationer: { part: [{ virkning: always, rolle: 'Primaer', indeks: '1', reference: null }] } },
    ],
    [
      'for a time',
      { relationer: { naboer: [{ virkning: { ...always, til: '2021-01-01T00:00:00Z' }, reference: null }] } },
    ],
    [
      'when another takes its place',
      { erstat: true, relationer: { naboer: [{ virkning: always, reference: { uuid: randomUUID() } }] } },
    ],
    ['of what is not touched', { attributter: { egenskaber: [{ virkning: always, note: 'x' }] } }],
  ])('may be less than it was: %s', async (_, input) => {
    await expect(patched(input)).resolves.toMatchObject({ outcome: 'rettet', number: 2 });
  });

  it('is in every period of a group, and of each of its occurrences', async () => {
    const gap = { attributter: { egenskaber: [{ virkning: { fra: '2010-01-01T00:00:00Z' }, note: 'x' }] } };
    await expect(patched(gap)).rejects.toMatchObject(lacks('/attributter/egenskaber'));
    const cleared = { attributter: { egenskaber: [{ virkning: always, navn: null }] } };
    await expect(patched(cleared)).rejects.toMatchObject(lacks('/attributter/egenskaber'));
    const line = { attributter: { linje: [{ virkning: always, id: '1' }] } };
    await expect(patched(line)).rejects.toMatchObject(lacks('/attributter/linje'));
  });
});
