import { randomUUID } from 'node:crypto';
import { Ting } from '@stoettesystemer/testing';
import { HOSTILE_TEXTS } from '@stoettesystemer/testing';
import { type Got, running, type Running, type Sent } from '../spec/running';
import { stored } from './spec/stored';

let service: Running;
beforeAll(async () => {
  service = await running({ prefix: 'proeve', types: [Ting] });
});
afterAll(() => service.close());

const TING = '/proeve/v1/ting';
const virkning = { fra: '2000-01-01T00:00:00Z' };
type Items = Record<string, Record<string, unknown>[]>;
interface Thing {
  readonly uuid: string;
  readonly attributter: Items;
  readonly relationer: Items;
  readonly registrering: { readonly note?: string };
}

const send = (path: string, sent?: Sent): Promise<Got> => service.exchange(path, sent);
/** A thing that holds the text wherever a text can stand. */
const thing = (text: string, over: object = {}) => ({
  note: text,
  attributter: {
    egenskaber: [{ virkning, brugervendtNoegle: text, titel: text, beskrivelse: text, ord: [text], ...over }],
    linje: [{ virkning, id: [...text].slice(0, 20).join(''), tekst: text }],
  },
  relationer: {
    part: [
      {
        virkning,
        rolle: 'Primaer',
        indeks: [...text].slice(0, 36).join(''),
        reference: { uuid: randomUUID(), label: text },
        kaldenavn: text,
      },
    ],
  },
});
const make = (body: unknown) => send(TING, { method: 'POST', body });
const search = async (body: unknown): Promise<string[]> => {
  const got = await send(`${TING}/soegninger`, {
    method: 'POST',
    body: { vis: 'uuid', limit: 500, ...(body as object) },
  });
  expect([body, got.status]).toEqual([body, 200]);
  return (got.json as { data: string[] }).data;
};

describe('T46: the signs of other languages are letters', () => {
  const uuids = new Map<string, string>();
  beforeAll(async () => {
    for (const text of HOSTILE_TEXTS) {
      const got = await make(thing(text));
      expect([text, got.status]).toEqual([text, 201]);
      uuids.set(text, (got.json as Thing).uuid);
    }
  });

  /** The texts whose stored form is this. */
  const alike = (text: string) =>
    [...uuids].filter(([other]) => other.normalize('NFC') === text.normalize('NFC')).map(([, uuid]) => uuid);
  const beginning = (text: string) =>
    [...uuids]
      .filter(([other]) => other.normalize('NFC').startsWith(text.normalize('NFC')))
      .map(([, uuid]) => uuid);
  const sorted = (list: readonly string[]) => [...list].sort();

  test.each(HOSTILE_TEXTS.map((text) => [text]))('%j comes back as it was told', async (text) => {
    const { json } = await send(`${TING}/${uuids.get(text)!}`);
    const { attributter, relationer, registrering } = json as Thing;
    const nfc = text.normalize('NFC');
    expect(attributter['egenskaber']?.[0]).toMatchObject({
      brugervendtNoegle: nfc,
      titel: nfc,
      beskrivelse: nfc,
      ord: [nfc],
    });
    expect(attributter['linje']?.[0]).toMatchObject({ tekst: nfc });
    expect(relationer['part']?.[0]).toMatchObject({ kaldenavn: nfc, reference: { label: nfc } });
    expect(registrering.note).toBe(nfc);
  });

  test.each(HOSTILE_TEXTS.map((text) => [text]))(
    '%j finds itself and nothing else, by every operator',
    async (text) => {
      for (const felt of ['brugervendtNoegle', 'titel', 'ord', 'part.kaldenavn']) {
        expect([felt, sorted(await search({ udtryk: { felt, lig: text } }))]).toEqual([
          felt,
          sorted(alike(text)),
        ]);
        expect(sorted(await search({ udtryk: { felt, iblandt: [text, 'findes ikke'] } }))).toEqual(
          sorted(alike(text)),
        );
        expect([felt, sorted(await search({ udtryk: { felt, begynderMed: text } }))]).toEqual([
          felt,
          sorted(beginning(text)),
        ]);
        expect(await search({ udtryk: { felt, begynderMed: `${text}findes ikke` } })).toEqual([]);
      }
      expect(sorted(await search({ udtryk: { felt: 'id', lig: [...text].slice(0, 20).join('') } }))).toEqual(
        expect.arrayContaining(alike(text)),
      );
    },
  );

  test.each(HOSTILE_TEXTS.map((text) => [text]))(
    '%j in an address: a comma parts, * at the end begins, the rest is letters',
    async (text) => {
      const got = await send(`${TING}?titel=${encodeURIComponent(text)}&vis=uuid&limit=500`);
      const parts = text.split(',');
      const expected = text.endsWith('*') ? beginning(text.slice(0, -1)) : parts.flatMap(alike);
      if (parts.includes('') || text === '*') expect(got.status).toBe(400);
      else
        expect([got.status, sorted((got.json as { data: string[] }).data)]).toEqual([200, sorted(expected)]);
    },
  );

  test.each(HOSTILE_TEXTS.map((text) => [text]))(
    '%j as the name of a field, an order, a part, a role, a cursor or a word',
    async (text) => {
      const before = await stored(service);
      const q = encodeURIComponent(text);
      const refused = [
        await send(`${TING}?sorter=${q}`),
        await send(`${TING}?sorter=-${q}`),
        await send(`${TING}?vis=${q}`),
        await send(`${TING}?cursor=${q}`),
        await send(`${TING}?limit=${q}`),
        await send(`${TING}?antal=${q}`),
        await send(`${TING}?virkningstid=${q}`),
        await send(`${TING}?gyldighed=${q}`),
        await send(`/proeve/v1/haendelser?type=${q}`),
        await send(`/proeve/v1/haendelser?efter=${q}`),
        ...(await Promise.all(
          [
            { sorter: [text] },
            { vis: [text] },
            { cursor: text },
            { udtryk: { felt: text, lig: 'x' } },
            { udtryk: { felt: 'titel', [text]: 'x' } },
            { udtryk: { felt: 'part', rolle: text, lig: 'x' } },
            { udtryk: { felt: 'antal', lig: text } },
            { udtryk: { felt: 'gyldighed', lig: text } },
          ].map((body) => send(`${TING}/soegninger`, { method: 'POST', body })),
        )),
      ];
      expect([...new Set(refused.map(({ status }) => status))]).toEqual([400]);
      const words = await send(`${TING}/soegninger`, {
        method: 'POST',
        body: { udtryk: { felt: 'tekst', lig: text } },
      });
      expect([words.status, text.trim() === '' ? 400 : 200]).toEqual([
        text.trim() === '' ? 400 : 200,
        words.status,
      ]);
      expect(await stored(service)).toBe(before);
    },
  );
});

describe('T47: letters of every kind', () => {
  const raw = (inner: string) => JSON.stringify(thing('x')).replace('"titel":"x"', `"titel":"${inner}"`);
  test.each([
    ['U+0000', 'a\\u0000b', 'tegn'],
    ['half a pair, the first', '\\ud83d', 'tegn'],
    ['half a pair, the second', 'a\\ude00', 'tegn'],
    ['a pair the wrong way', '\\ude00\\ud83d', 'tegn'],
    ['a bell', '\\u0007', 'tegn'],
    ['a line break in a line', 'a\\nb', 'tegn'],
    ['a line separator', 'a\\u2028b', 'tegn'],
    ['C1', 'a\\u0085b', 'tegn'],
  ])('%s is 400 and stores nothing', async (_, inner, kode) => {
    const before = await stored(service);
    const got = await make(raw(inner));
    expect([got.status, (got.json as { fejl: { kode: string }[] }).fejl.map((fault) => fault.kode)]).toEqual([
      400,
      [kode],
    ]);
    const found = await send(`${TING}/soegninger`, {
      method: 'POST',
      body: `{"udtryk":{"felt":"titel","lig":"${inner}"}}`,
    });
    expect(found.status === 200 || found.status === 400).toBe(true);
    expect(await stored(service)).toBe(before);
  });

  test.each([
    ['turned around', '\u202egnidrow\u202c'],
    ['put together of two', 'A\u030aro\u0308'],
    ['composed', '\u00c5r\u00f6'],
    ['Ærø', 'Ærø'],
    ['four bytes', '😀🛳𝒳\u{1f9d1}\u200d\u{1f680}'],
    ['the last of all', '\u{10ffff}'],
    ['private', '\ue000'],
    ['no character', '\uffff'],
    ['a mark without a letter', '\u0301'],
    ['written as escapes', '\u00e6\u00f8\u00e5'],
    ['Hangul in parts', '\u1112\u1161\u11ab'],
    ['one that becomes two', '\u0958'],
  ])('%s is stored and comes back equal after NFC, and is found either way', async (_, text) => {
    const escaped = [...text]
      .map((each) =>
        each
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join(''),
      )
      .join('');
    for (const got of [await make(thing('x', { titel: text })), await make(raw(escaped))]) {
      const { uuid, attributter } = got.json as Thing;
      expect([got.status, attributter['egenskaber']?.[0]?.['titel']]).toEqual([201, text.normalize('NFC')]);
      for (const form of ['NFC', 'NFD'] as const)
        expect(await search({ udtryk: { felt: 'titel', lig: text.normalize(form) } })).toContain(uuid);
    }
  });

  test('a field of 2,000 characters takes 2,000, of four bytes too, and not one more', async () => {
    for (const letter of ['x', 'ø', '😀', 'A\u030a']) {
      const count = (n: number) => make(thing('x', { beskrivelse: letter.repeat(n) }));
      const [fits, over] = [await count(2000), await count(2001)];
      expect([letter, fits.status, over.status]).toEqual([letter, 201, 400]);
      expect((over.json as { fejl: object[] }).fejl).toEqual([
        expect.objectContaining({ sti: '/attributter/egenskaber/0/beskrivelse', kode: 'laengde' }),
      ]);
    }
  });

  test('bytes that are no UTF-8 are 400', async () => {
    const [before, after] = raw('@').split('@') as [string, string];
    for (const bytes of [
      [0xff],
      [0xc3],
      [0xc0, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
      [0xe6],
    ]) {
      const got = await make(Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]));
      expect([bytes, got.status, (got.json as { kode: string }).kode]).toEqual([bytes, 400, 'tegnsaet']);
    }
  });
});
