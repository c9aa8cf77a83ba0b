import { parseInstant } from '@stoettesystemer/object';
import { Ting } from '@stoettesystemer/testing';
import type { AsOf, ObjectInput } from './ask';
import type { Query } from './query';
import {
  always,
  anyone,
  asking,
  COMMON,
  lastBefore,
  NOW,
  OTHER,
  testStore,
  type TestStore,
} from './spec/test-store';

interface Words {
  titel?: string;
  tekst?: string;
  beskrivelse?: string;
  omtale?: string;
  ord?: string[];
}

let db: TestStore;
const caller = anyone();
/** UUID → the name by which the spec knows the object. */
const names = new Map<string, string>();

const input = (name: string, { tekst, ...members }: Words): ObjectInput => ({
  attributter: {
    egenskaber: [{ virkning: always, brugervendtNoegle: name, ...members }],
    ...(tekst ? { linje: [{ virkning: always, id: '1', tekst }] } : {}),
  },
});
async function add(name: string, words: Words, who = caller): Promise<string> {
  const { uuid } = await db.store.create(asking(who), Ting, input(name, words));
  names.set(uuid, name);
  return uuid;
}
const query = (words: string, parts: Partial<Query> = {}): Query => ({
  udtryk: { felt: 'tekst', lig: words },
  sorter: [],
  vis: 'uuid',
  limit: 100,
  cursor: null,
  antal: true,
  ...parts,
});
/** Names of what is found, best first. */
async function found(
  words: string,
  parts: Partial<Query> = {},
  at: AsOf = NOW,
  who = caller,
): Promise<string[]> {
  const page = await db.store.search(asking(who), Ting, query(words, parts), at);
  const list = page.data.map((each) => names.get(JSON.parse(each) as string) ?? 'ukendt');
  if (page.naeste === null && !parts.cursor) expect(page.antal).toBe(list.length);
  return list;
}

beforeAll(async () => {
  db = await testStore({ types: [Ting] });
  await add('skolebus', { titel: 'Skolebuskørsel', beskrivelse: 'Kørsel af elever til og fra skole' });
  await add('skole', { titel: 'Folkeskolen', tekst: 'skole', beskrivelse: 'Undervisning' });
  await add('bibliotek', { titel: 'Biblioteker', beskrivelse: 'Udlån af bøger; besøg af skoler' });
  await add('boern', { titel: 'Børnehaver og vuggestuer', tekst: 'dagtilbud' });
  await add('veje', { titel: 'Kommunale veje', beskrivelse: 'Anlæg, drift og vedligeholdelse' });
  await add('hjemmehjaelp', { titel: 'Personlig og praktisk hjælp', ord: ['hjemmehjælp', 'hjemmepleje'] });
  await add('pension', {
    titel: 'Førtidspension',
    omtale: '<p>Ansøgning om <b>førtidspension</b></p><ul><li>helbred</li></ul>',
  });
  await add('renovation', { titel: 'Affald', beskrivelse: 'Dagrenovation og storskrald' });
});
afterAll(async () => db.drop());

describe('a search of words', () => {
  it.each([
    ['vej', 'veje'],
    ['vejene', 'veje'],
    ['vejens', 'veje'],
    ['VEJE', 'veje'],
    ['kommunal', 'veje'],
    ['bibliotekerne', 'bibliotek'],
    ['børnehaven', 'boern'],
    ['dagtilbuddet', 'boern'],
    ['ansøgninger', 'pension'],
    ['helbredet', 'pension'],
    ['hjemmehjælpen', 'hjemmehjaelp'],
    ['skolen', 'skole'],
  ])('finds by %s, however it is inflected', async (words, name) =>
    expect(await found(words)).toContain(name),
  );

  it.each([
    ['skolebuss', 'skolebus'],
    ['skolebuskorsel', 'skolebus'],
    ['biblotek', 'bibliotek'],
    ['bibliotheker', 'bibliotek'],
    ['førtidspention', 'pension'],
    ['fortidspension', 'pension'],
    ['bornehaver', 'boern'],
    ['hjemehjælp', 'hjemmehjaelp'],
    ['vugestue', 'boern'],
  ])('finds by %s, though it is misspelt', async (words, name) => expect((await found(words))[0]).toBe(name));

  it.each([
    ['bus', []],
    ['skolebus', ['skolebus']],
    ['pension', ['pension']],
    ['buskørsel', ['skolebus']],
  ])('finds %s within a compound where enough of it is there', async (words, some) => {
    const list = await found(words);
    for (const name of some) expect(list).toContain(name);
  });

  it.each(['jernbane', 'xyzzy', '123', '%', '_', "';--", '(a+)+$', '& | !', '\\', '<->', ':*'])(
    'finds nothing by %j',
    async (words) => expect(await found(words)).toEqual([]),
  );

  it('takes signs that a text query has a meaning for as they stand', async () => {
    const plain = await found('skole veje');
    for (const words of [
      'skole & veje',
      'skole | veje',
      'skole:* !veje',
      "skole' veje",
      'skole <-> veje',
      '(skole) "veje"',
    ])
      expect((await found(words)).sort()).toEqual([...plain].sort());
  });

  it('does not take the tags of HTML for words', async () => {
    expect(await found('li')).toEqual([]);
    expect(await found('ul')).toEqual([]);
  });

  it('finds the titled before the keyed before the described', async () => {
    await add('beskrevet', { titel: 'Noget andet', beskrivelse: 'fjernvarme' });
    await add('noegleord', { titel: 'Noget tredje', tekst: 'fjernvarme' });
    await add('titel', { titel: 'Fjernvarme' });
    expect(await found('fjernvarme')).toEqual(['titel', 'noegleord', 'beskrevet']);
    expect(await found('fjernvarmen')).toEqual(['titel', 'noegleord', 'beskrevet']);
    expect(await found('fjernvarme', { sorter: ['-tekst'] })).toEqual(['beskrevet', 'noegleord', 'titel']);
    expect(await found('fjernvarme', { sorter: ['brugervendtNoegle'] })).toEqual([
      'beskrevet',
      'noegleord',
      'titel',
    ]);
  });

  it('finds that which has more of the words before that which has fewer', async () => {
    await add('to ord', { titel: 'Kloakering af sommerhuse' });
    await add('kun kloak', { titel: 'Kloakering af byer' });
    await add('kun sommerhus', { titel: 'Udlejning af sommerhuse' });
    const list = await found('kloakering sommerhuse');
    expect(list[0]).toBe('to ord');
    expect(list.slice(1).sort()).toEqual(['kun kloak', 'kun sommerhus']);
  });

  it('finds a short title before a long one that has the word in it', async () => {
    await add('lang', {
      titel: 'Tilsyn med private fællesveje, stier, broer, pladser og parkering i byzone',
    });
    await add('kort', { titel: 'Parkering' });
    expect((await found('parkering')).slice(0, 2)).toEqual(['kort', 'lang']);
  });

  it('finds what holds now, and a former title as of then', async () => {
    const uuid = await add('omdøbt', { titel: 'Sprøjteværn' });
    await db.store.patch(
      asking(caller),
      Ting,
      uuid,
      { attributter: { egenskaber: [{ virkning: always, titel: 'Redningsberedskab' }] } },
      1,
    );
    expect(await found('sprøjteværn')).toEqual([]);
    expect(await found('redningsberedskab')).toEqual(['omdøbt']);
    const before = await lastBefore(db, Ting, uuid, 2);
    const then: AsOf = { virkning: 'nu', registrering: { at: before } };
    expect(await found('sprøjteværn', {}, then)).toEqual(['omdøbt']);
    expect(await found('redningsberedskab', {}, then)).toEqual([]);
  });

  it('finds what holds at the virkning that is asked for', async () => {
    const change = { virkning: { fra: '2500-01-01T00:00:00Z' }, titel: 'Brintforsyning' };
    const uuid = await add('fremtid', { titel: 'Bygas' });
    await db.store.patch(asking(caller), Ting, uuid, { attributter: { egenskaber: [change] } }, 1);
    const later: AsOf = { virkning: { at: parseInstant('2600-01-01T00:00:00Z')! }, registrering: 'nu' };
    expect(await found('bygas')).toEqual(['fremtid']);
    expect(await found('brintforsyning')).toEqual([]);
    expect(await found('brintforsyning', {}, later)).toEqual(['fremtid']);
    expect(await found('bygas', {}, later)).toEqual([]);
    expect(await found('bygas', {}, { ...NOW, virkning: 'alle' })).toEqual(['fremtid']);
  });

  it('goes together with the rest of an expression, and under a not', async () => {
    const vej = { felt: 'tekst', lig: 'skole' };
    const all = await found('skole');
    expect(all.length).toBeGreaterThan(2);
    expect(await found('', { udtryk: { og: [vej, { felt: 'brugervendtNoegle', lig: 'skole' }] } })).toEqual([
      'skole',
    ]);
    const others = await found('', { udtryk: { ikke: vej }, sorter: ['uuid'] });
    expect(others).toHaveLength(names.size - all.length);
    expect(others.filter((name) => all.includes(name))).toEqual([]);
    await expect(found('', { udtryk: { og: [vej, vej] } })).rejects.toMatchObject({
      status: 400,
      kode: 'tekst',
    });
    await expect(found('', { udtryk: null, sorter: ['tekst'] })).rejects.toMatchObject({ status: 400 });
  });

  it('is read in pages, best first, each object once', async () => {
    const uuids = await Promise.all(
      Array.from({ length: 23 }, (_, n) =>
        add(
          `side ${n}`,
          n % 3 === 0 ? { titel: 'Svømmehal' } : { titel: `Hal ${n}`, beskrivelse: 'svømmehal' },
        ),
      ),
    );
    const whole = await found('svømmehal');
    expect(whole).toHaveLength(uuids.length);
    const pages: string[] = [];
    for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
      const page: { data: readonly string[]; naeste: string | null } = await db.store.search(
        asking(caller),
        Ting,
        query('svømmehal', { limit: 4, cursor }),
        NOW,
      );
      pages.push(...page.data.map((each) => names.get(JSON.parse(each) as string)!));
      cursor = page.naeste;
    }
    expect(pages).toEqual(whole);
  });

  it("finds own and common ones, and nobody else's", async () => {
    await add('fælles', { titel: 'Havnefogeder' }, anyone(COMMON));
    await add('andres', { titel: 'Havnefogeder' }, anyone(OTHER));
    await add('vores', { titel: 'Havnefogeden' });
    expect((await found('havnefoged')).sort()).toEqual(['fælles', 'vores']);
    expect((await found('havnefoged', {}, NOW, anyone(OTHER))).sort()).toEqual(['andres', 'fælles']);
    expect(await found('havnefoged', {}, NOW, anyone(COMMON))).toEqual(['fælles']);
  });
});
