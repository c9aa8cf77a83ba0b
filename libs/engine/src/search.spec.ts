import { randomUUID } from 'node:crypto';
import type { Caller } from '@stoettesystemer/access';
import { keyOf, parseInstant, period as p, type Period, type Reference } from '@stoettesystemer/object';
import { Ting } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { AsOf, ObjectInput } from './ask';
import type { Comparison, Expression, Operand, Query } from './query';
import { anyone, asking, COMMON, NOW, OTHER, OWN, testStore, type TestStore } from './spec/test-store';

type Item = Record<string, unknown> & { virkning: { fra: string; til: string | null } };
interface Body {
  uuid: string;
  ejer: string;
  registrering: { nummer: number; fra: string; til: string | null; livscyklus: string };
  facets: Record<string, Item[]>;
}
/** An object as its registrations tell it, each whole: what the naive search reads. */
interface Known {
  uuid: string;
  owner: string;
  registrations: Body[];
}

const SEED = { seed: Number(process.env['SEED'] ?? 4711) };
const at = (year: number): string => `${year}-01-01T00:00:00Z`;
const REFERENCES: Reference[] = [
  { uuid: 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa' },
  { uuid: 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb' },
  { urn: 'urn:oio:ting:1' },
];
/** Letters that sort another way in Danish, and whatever SQL, LIKE, regular expressions or JSON paths could stumble on. */
const WORDS = [
  'a',
  'A',
  'ab',
  'aa',
  'å',
  'Å',
  'æ',
  'ø',
  'z',
  'Zz',
  '%',
  'a%',
  '_b',
  'ab_',
  '\\',
  "';--",
  '$1',
  '(a+)+$',
  '"',
  '27.18',
  '27.2',
  'a b',
  '😀',
  '\u202eb',
];

const word = fc.constantFrom(...WORDS);
const decimal = fc.constantFrom(
  '0',
  '-0.00',
  '1',
  '1.0',
  '1.05',
  '-1',
  '-1.5',
  '-10',
  '10',
  '9.99',
  '-0.01',
  '12345678901234567890.5',
);
const number = fc.constantFrom(0, 1, -1, 0.5, -2.5, 1e-7, -1e-7, 1e15, 9007199254740991);
const instant = fc.constantFrom(
  '2020-01-01T00:00:00Z',
  '2020-01-01T00:00:00.5Z',
  '2020-01-01T00:00:00.000001Z',
  '2020-01-01T01:00:00+01:00',
  '2019-12-31T23:59:59.999999Z',
  '1850-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999Z',
);
const date = fc.constantFrom('1850-01-01', '2020-01-01', '2020-01-10', '2020-02-01', '9999-12-31');
const urn = fc.constantFrom('urn:oio:a:1', 'urn:oio:a:2', 'urn:oio:b:1');
const uuid = fc.constantFrom('cccccccc-cccc-4ccc-8ccc-cccccccccccc', 'CCCCCCCC-CCCC-4CCC-8CCC-CCCCCCCCCCCD');
const reference = fc.constantFrom(...REFERENCES);
const texts = fc.array(word, { minLength: 1, maxLength: 3 });

const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const span = fc.constantFrom<[number, number | null]>(
  [2000, null],
  [2000, 2020],
  [2010, 2030],
  [2026, null],
  [2027, null],
);
const virkning = span.map(([fra, til]) => ({ fra: at(fra), ...(til === null ? {} : { til: at(til) }) }));
const given = (item: object): Item =>
  Object.fromEntries(Object.entries(item).filter(([, each]) => each !== undefined)) as Item;

const members = {
  titel: sometimes(word),
  antal: sometimes(fc.nat(12)),
  beloeb: sometimes(decimal),
  dato: sometimes(date),
  tid: sometimes(instant),
  aktiv: sometimes(fc.boolean()),
  farve: sometimes(fc.constantFrom('roed', 'groen', 'blaa')),
  vaegt: sometimes(number),
  adresse: sometimes(urn),
  maerke: sometimes(uuid),
  forgaenger: sometimes(reference),
  ord: sometimes(texts),
};
/** Two periods in which something else holds, so that searches at different times differ. */
const egenskaber = fc
  .tuple(
    fc.record({ brugervendtNoegle: word, ...members }),
    fc.option(fc.record({ brugervendtNoegle: word, ...members })),
  )
  .map(([first, second]) =>
    second === null
      ? [given({ virkning: { fra: at(2000) }, ...first })]
      : [
          given({ virkning: { fra: at(2000), til: at(2020) }, ...first }),
          given({ virkning: { fra: at(2020) }, ...second }),
        ],
  );
const keyed = fc.uniqueArray(fc.record({ virkning, id: word }), { maxLength: 3, selector: ({ id }) => id });
const neighbours = fc.uniqueArray(fc.record({ virkning, reference }), {
  maxLength: 2,
  selector: (each) => keyOf(each.reference),
});
const parties = fc
  .uniqueArray(
    fc.record({
      virkning,
      rolle: fc.constantFrom('Primaer', 'Anden'),
      indeks: fc.constantFrom('1', '2'),
      reference,
      kaldenavn: sometimes(word),
    }),
    { maxLength: 3, selector: ({ rolle, indeks }) => rolle + indeks },
  )
  .map((list) => list.map(given));
const input: fc.Arbitrary<ObjectInput> = fc
  .record({
    egenskaber,
    linje: keyed,
    overordnet: sometimes(fc.record({ virkning, reference })),
    naboer: neighbours,
    part: parties,
    gyldighed: sometimes(fc.record({ virkning, vaerdi: fc.constantFrom('Aktiv', 'Inaktiv') })),
  })
  .map(({ egenskaber: e, linje, overordnet, naboer, part, gyldighed }) => ({
    attributter: { egenskaber: e, ...(linje.length > 0 ? { linje } : {}) },
    tilstande: gyldighed ? { gyldighed: [gyldighed] } : {},
    relationer: { ...(overordnet ? { overordnet: [overordnet] } : {}), naboer, part },
  }));

/** How a field is compared without an index: where its values are, and what they are in an order of their own. */
interface Naive {
  facet: string;
  values(item: Item): unknown[];
  rank?(value: unknown): number | bigint | Buffer;
}
const member = (facet: string, name: string, rank?: Naive['rank']): Naive => ({
  facet,
  values: (item) => [item[name] ?? []].flat(),
  ...(rank ? { rank } : {}),
});
const bytes = (value: unknown): Buffer => Buffer.from(String(value));
const exact = (value: unknown): bigint => {
  const [whole = '0', fraction = ''] = String(value).replace('-', '').split('.');
  const size = BigInt(whole + fraction.padEnd(9, '0'));
  return String(value).startsWith('-') ? -size : size;
};
const fields: Record<string, { naive: Naive; operand: fc.Arbitrary<Operand>; operators: string[] }> = {
  brugervendtNoegle: {
    naive: member('egenskaber', 'brugervendtNoegle', bytes),
    operand: word,
    operators: ['begynderMed'],
  },
  titel: { naive: member('egenskaber', 'titel', bytes), operand: word, operators: ['begynderMed'] },
  'egenskaber.antal': { naive: member('egenskaber', 'antal', Number), operand: fc.nat(13), operators: [] },
  beloeb: { naive: member('egenskaber', 'beloeb', exact), operand: decimal, operators: [] },
  dato: { naive: member('egenskaber', 'dato', bytes), operand: date, operators: [] },
  tid: {
    naive: member('egenskaber', 'tid', (value) => parseInstant(String(value))!),
    operand: instant,
    operators: [],
  },
  aktiv: { naive: member('egenskaber', 'aktiv'), operand: fc.boolean(), operators: [] },
  farve: {
    naive: member('egenskaber', 'farve', bytes),
    operand: fc.constantFrom('roed', 'groen', 'blaa'),
    operators: [],
  },
  vaegt: { naive: member('egenskaber', 'vaegt', Number), operand: number, operators: [] },
  adresse: { naive: member('egenskaber', 'adresse', bytes), operand: urn, operators: ['begynderMed'] },
  maerke: {
    naive: member('egenskaber', 'maerke', (value) => bytes(String(value).toLowerCase())),
    operand: uuid,
    operators: [],
  },
  forgaenger: {
    naive: { facet: 'egenskaber', values: ({ forgaenger }) => (forgaenger ? [forgaenger] : []) },
    operand: reference as fc.Arbitrary<Operand>,
    operators: [],
  },
  ord: { naive: member('egenskaber', 'ord', bytes), operand: word, operators: ['begynderMed'] },
  id: { naive: member('linje', 'id', bytes), operand: word, operators: ['begynderMed'] },
  gyldighed: {
    naive: member('gyldighed', 'vaerdi'),
    operand: fc.constantFrom('Aktiv', 'Inaktiv'),
    operators: [],
  },
  overordnet: {
    naive: { facet: 'overordnet', values: (item) => [item['reference']] },
    operand: reference as fc.Arbitrary<Operand>,
    operators: [],
  },
  naboer: {
    naive: { facet: 'naboer', values: (item) => [item['reference']] },
    operand: fc.oneof(
      reference as fc.Arbitrary<Operand>,
      fc.constantFrom<Operand>('AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA', 'urn:oio:ting:1'),
    ),
    operators: [],
  },
  'part.kaldenavn': {
    naive: member('part', 'kaldenavn', bytes),
    operand: word,
    operators: ['begynderMed', 'rolle'],
  },
  part: {
    naive: { facet: 'part', values: (item) => [item['reference']] },
    operand: reference as fc.Arbitrary<Operand>,
    operators: ['rolle', 'tekst'],
  },
};

const ROLES: Record<string, string> = { '11111111-1111-4111-8111-111111111111': 'Primaer' };
const comparison: fc.Arbitrary<Comparison> = fc.constantFrom(...Object.keys(fields)).chain((felt) => {
  const { naive, operand, operators } = fields[felt]!;
  const how: fc.Arbitrary<Partial<Comparison>>[] = [
    operand.map((lig) => ({ lig })),
    fc.array(operand, { maxLength: 3 }).map((iblandt) => ({ iblandt })),
    fc.boolean().map((findes) => ({ findes })),
  ];
  if (naive.rank) how.push(fc.tuple(fc.option(operand), fc.option(operand)).map((mellem) => ({ mellem })));
  if (operators.includes('begynderMed'))
    how.push(
      fc
        .oneof(
          word,
          urn.map((each) => each.slice(0, 9)),
        )
        .map((begynderMed) => ({ begynderMed })),
    );
  if (operators.includes('tekst'))
    how.push(
      word.map((lig) => ({ lig })),
      word.map((begynderMed) => ({ begynderMed })),
    );
  const rolle = operators.includes('rolle')
    ? sometimes(fc.constantFrom('Primaer', 'Anden', ...Object.keys(ROLES)))
    : fc.constant(undefined);
  return fc
    .tuple(fc.oneof(...how), rolle)
    .map(([compare, role]) => ({ felt, ...compare, ...(role === undefined ? {} : { rolle: role }) }));
});
const expression: fc.Arbitrary<Expression> = fc.letrec<{ e: Expression }>((tie) => ({
  e: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    fc.array(tie('e'), { maxLength: 3 }).map((og) => ({ og })),
    fc.array(tie('e'), { maxLength: 3 }).map((eller) => ({ eller })),
    tie('e').map((ikke) => ({ ikke })),
  ),
})).e;

const isReference = (value: unknown): value is Reference => typeof value === 'object' && value !== null;
const same = (value: unknown, operand: Operand): boolean => {
  if (isReference(value)) {
    const wanted = isReference(operand) ? keyOf(operand) : String(operand);
    return keyOf(value).toLowerCase() === wanted.toLowerCase();
  }
  return value === operand;
};
const compare = (a: number | bigint | Buffer, b: number | bigint | Buffer): number =>
  Buffer.isBuffer(a) && Buffer.isBuffer(b) ? Buffer.compare(a, b) : a < b ? -1 : a > b ? 1 : 0;

/** Whether the items say what the expression asks, by looking at each. */
function fits(facets: Record<string, Item[]>, e: Expression): boolean {
  if ('og' in e) return e.og.every((each) => fits(facets, each));
  if ('eller' in e) return e.eller.some((each) => fits(facets, each));
  if ('ikke' in e) return !fits(facets, e.ikke);
  const byText = e.felt === 'part' && [e.lig, e.begynderMed].some((each) => typeof each === 'string');
  const { naive } = fields[byText ? 'part.kaldenavn' : e.felt]!;
  const rolle = e.rolle === undefined ? undefined : (ROLES[e.rolle] ?? e.rolle);
  const values = (facets[naive.facet] ?? [])
    .filter((item) => rolle === undefined || item['rolle'] === rolle)
    .flatMap((item) => naive.values(item));
  const equal = (value: unknown, operand: Operand) =>
    naive.rank ? compare(naive.rank(value), naive.rank(operand)) === 0 : same(value, operand);
  if (e.findes !== undefined) return values.length > 0 === e.findes;
  if (e.lig !== undefined) return values.some((value) => equal(value, e.lig!));
  if (e.iblandt) return values.some((value) => e.iblandt!.some((each) => equal(value, each)));
  if (e.begynderMed !== undefined) return values.some((value) => String(value).startsWith(e.begynderMed!));
  const [low, high] = e.mellem!;
  return values.some(
    (value) =>
      (low === null || compare(naive.rank!(value), naive.rank!(low)) >= 0) &&
      (high === null || compare(naive.rank!(value), naive.rank!(high)) < 0),
  );
}

/** What of an object is seen at a time, or null when nothing of it is. */
function seen({ registrations }: Known, { virkning: valid, registrering }: AsOf): Body | null {
  const known =
    registrering === 'nu'
      ? registrations.at(-1)
      : registrations.findLast(({ registrering: { fra } }) => {
          const limit =
            'at' in registrering ? registrering.at : registrering.to === null ? null : registrering.to - 1n;
          return limit === null || parseInstant(fra)! <= limit;
        });
  if (!known || ['Passiveret', 'Slettet'].includes(known.registrering.livscyklus)) return null;
  const wanted: Period | null =
    valid === 'alle'
      ? null
      : valid === 'nu'
        ? { from: parseInstant(at(2026))! + 1n, to: parseInstant(at(2026))! + 2n }
        : 'at' in valid
          ? { from: valid.at, to: valid.at + 1n }
          : valid;
  const holds = ({ virkning: { fra, til } }: Item): boolean =>
    wanted === null ||
    p.overlaps(wanted, { from: parseInstant(fra)!, to: til === null ? null : parseInstant(til) });
  return {
    ...known,
    facets: Object.fromEntries(
      Object.entries(known.facets).map(([facet, items]) => [facet, items.filter(holds)]),
    ),
  };
}

let db: TestStore;
const caller = anyone();
const known: Known[] = [];
const bodyOf = (text: string): Body => {
  const { attributter, tilstande, relationer, ...rest } = JSON.parse(text) as Record<
    string,
    Record<string, Item[]>
  >;
  return { ...(rest as unknown as Body), facets: { ...attributter, ...tilstande, ...relationer } };
};

async function know(who: Caller, id: string): Promise<void> {
  const list = await db.store.history(asking(who), Ting, id, { limit: 100, before: null });
  const registrations = await Promise.all(
    list.reverse().map(({ number: n }) => db.store.registration(asking(who), Ting, id, n)),
  );
  known.push({ uuid: id, owner: who.owner, registrations: registrations.map(({ body }) => bodyOf(body)) });
}

beforeAll(async () => {
  db = await testStore({ types: [Ting] });
  const inputs = fc.sample(fc.tuple(input, input, fc.nat(9)), { numRuns: 160, ...SEED });
  for (const [n, [first, second, fate]] of inputs.entries()) {
    const who = n % 10 === 0 ? anyone(COMMON) : n % 10 === 1 ? anyone(OTHER) : caller;
    const { uuid: id } = await db.store.create(asking(who), Ting, first);
    if (fate < 5) await db.store.put(asking(who), Ting, id, second, 1);
    if (fate === 6) await db.store.passivate(asking(who), Ting, id, 1);
    if (fate === 7) await db.store.remove(asking(who), Ting, id, 1);
    await know(who, id);
  }
}, 60_000);
afterAll(async () => db.drop());

const query = (parts: Partial<Query> = {}): Query => ({
  udtryk: null,
  sorter: [],
  vis: 'uuid',
  limit: 500,
  cursor: null,
  antal: false,
  ...parts,
});
const find = async (parts: Partial<Query>, time: AsOf = NOW, who = caller) => {
  const page = await db.store.search(asking(who), Ting, query(parts), time);
  return { ...page, uuids: page.data.map((each) => JSON.parse(each) as string) };
};
const mine = (): Known[] => known.filter(({ owner }) => owner === OWN || owner === COMMON);
const visible = (time: AsOf): Body[] => mine().flatMap((each) => seen(each, time) ?? []);

/** Moments of the recorded axis at which something was and was not known. */
const recorded = (share: number): bigint => {
  const all = known.flatMap(({ registrations }) =>
    registrations.map(({ registrering: { fra } }) => parseInstant(fra)!),
  );
  return all.toSorted((a, b) => (a < b ? -1 : 1))[Math.floor(share * (all.length - 1))]!;
};
const time: fc.Arbitrary<AsOf> = fc.record({
  virkning: fc.oneof(
    fc.constant<AsOf['virkning']>('nu'),
    fc.constantFrom(1999, 2005, 2015, 2025, 2035).map((year) => ({ at: parseInstant(at(year))! })),
    fc.constant<AsOf['virkning']>('alle'),
    fc
      .constantFrom<[number, number | null]>([1990, 2001], [2012, 2020], [2020, 2021], [2029, null])
      .map(([fra, til]) => ({
        from: parseInstant(at(fra))!,
        to: til === null ? null : parseInstant(at(til)),
      })),
  ),
  registrering: fc.oneof(
    { weight: 2, arbitrary: fc.constant<AsOf['registrering']>('nu') },
    {
      weight: 1,
      arbitrary: fc.double({ min: 0, max: 1, noNaN: true }).map((share) => ({ at: recorded(share) })),
    },
    {
      weight: 1,
      arbitrary: fc
        .double({ min: 0, max: 1, noNaN: true })
        .map((share) => ({ from: 0n, to: recorded(share) })),
    },
  ),
});

describe('search', () => {
  it('finds what a look at every object would find, by every operator and field, at any time', async () => {
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(expression, time, async (udtryk, when) => {
        const expected = visible(when).filter(({ facets }) => fits(facets, udtryk));
        const found = await find({ udtryk, antal: true }, when);
        expect(found.uuids).toEqual(expected.map(({ uuid: id }) => id).sort());
        expect(found.antal).toBe(expected.length);
        hits += expected.length;
      }),
      { numRuns: 500, ...SEED },
    );
    expect(hits).toBeGreaterThan(1_000);
  }, 60_000);

  it('finds by what the system knows', async () => {
    const [some, other] = visible(NOW) as [Body, Body];
    const both = [some.uuid, other.uuid].sort();
    expect((await find({ udtryk: { felt: 'uuid', lig: some.uuid.toUpperCase() } })).uuids).toEqual([
      some.uuid,
    ]);
    expect((await find({ udtryk: { felt: 'uuid', iblandt: both } })).uuids).toEqual(both);
    const rettet = visible(NOW).filter(({ registrering }) => registrering.livscyklus === 'Rettet');
    expect((await find({ udtryk: { felt: 'livscyklus', lig: 'Rettet' } })).uuids).toEqual(
      rettet.map(({ uuid: id }) => id).sort(),
    );
    const born = visible(NOW).map((body) => ({
      id: body.uuid,
      at: mine().find((each) => each.uuid === body.uuid)!.registrations[0]!.registrering.fra,
      last: body.registrering.fra,
    }));
    const [from, to] = [born[20]!.at, born[40]!.at];
    const between = (at_: string) =>
      parseInstant(from)! <= parseInstant(at_)! && parseInstant(at_)! < parseInstant(to)!;
    expect((await find({ udtryk: { felt: 'oprettet', mellem: [from, to] } })).uuids).toEqual(
      born
        .filter((each) => between(each.at))
        .map(({ id }) => id)
        .sort(),
    );
    expect((await find({ udtryk: { felt: 'registreringFra', mellem: [from, to] } })).uuids).toEqual(
      born
        .filter((each) => between(each.last))
        .map(({ id }) => id)
        .sort(),
    );
    expect((await find({ udtryk: { felt: 'uuid', findes: false } })).uuids).toEqual([]);
  });

  it.each([
    'constructor',
    'toString',
    '__proto__',
    'valueOf',
    'hasOwnProperty',
    'beskrivelse',
    'egenskaber',
    'egenskaber.constructor',
    'kaldenavn',
    '',
    '.',
    'titel; drop table fact',
  ])('refuses the field %j, in an expression and in an order', async (felt) => {
    const refused = { status: 400, kode: 'felt' };
    await expect(find({ udtryk: { felt, lig: 'x' } })).rejects.toMatchObject(refused);
    await expect(find({ sorter: [felt] })).rejects.toMatchObject(refused);
  });

  it('refuses operands that its fields cannot have, as 400', async () => {
    const wrong: Comparison[] = [
      { felt: 'uuid', lig: "' or true --" },
      { felt: 'oprettet', mellem: ['i går', null] },
      { felt: 'tid', lig: 'i går' },
      { felt: 'tid', mellem: ['2026-02-30T00:00:00Z', null] },
      { felt: 'antal', lig: 'mange' },
      { felt: 'beloeb', lig: '1,5' },
      { felt: 'beloeb', begynderMed: '1' },
      { felt: 'antal', begynderMed: '1' },
      { felt: 'titel', lig: { uuid: randomUUID() } },
      { felt: 'overordnet', lig: 'en tekst' },
      { felt: 'part', rolle: 'Ukendt', findes: true },
      { felt: 'titel', rolle: 'Primaer', findes: true },
      { felt: 'tekst', lig: '   ' },
      { felt: 'titel' },
    ];
    for (const udtryk of wrong) await expect(find({ udtryk })).rejects.toMatchObject({ status: 400 });
    const deep = Array.from({ length: 20 }).reduce<Expression>((ikke) => ({ ikke }), {
      felt: 'titel',
      findes: true,
    });
    await expect(find({ udtryk: deep })).rejects.toMatchObject({ status: 400, kode: 'dybde' });
    await expect(find({ vis: ['constructor'] })).rejects.toMatchObject({ status: 400, kode: 'vis' });
  });

  it('shows what is asked for', async () => {
    const shown = await db.store.search(asking(caller), Ting, query({ vis: ['gyldighed', 'naboer'] }), {
      ...NOW,
      virkning: 'alle',
    });
    const whole = await db.store.search(asking(caller), Ting, query({ vis: null }), {
      ...NOW,
      virkning: 'alle',
    });
    expect(whole.data).toHaveLength(visible(NOW).length);
    for (const [n, text] of whole.data.entries()) {
      const { facets, ...rest } = bodyOf(text);
      const { facets: some, ...same_ } = bodyOf(shown.data[n]!);
      expect(same_).toEqual(rest);
      const chosen = Object.entries(facets).filter(([facet]) => facet === 'gyldighed' || facet === 'naboer');
      expect(some).toEqual(Object.fromEntries(chosen));
      expect(
        await db.store.read(asking(caller), Ting, rest.uuid, { ...NOW, virkning: 'alle' }),
      ).toMatchObject({ body: text });
    }
  });
});

/** The value by which an object is sorted: the least of its values, or null, which comes before all. */
const danish = new Intl.Collator('da', { sensitivity: 'variant', caseFirst: 'upper' });
const sortable = [
  'brugervendtNoegle',
  'titel',
  'egenskaber.antal',
  'beloeb',
  'dato',
  'tid',
  'aktiv',
  'farve',
  'vaegt',
  'adresse',
  'id',
  'gyldighed',
  'naboer',
  'overordnet',
  'registreringFra',
  'oprettet',
  'uuid',
  'livscyklus',
];
function order(a: Body, b: Body, name: string): number {
  const felt = name.replace(/^-/, '');
  const turn = name.startsWith('-') ? -1 : 1;
  const column = (body: Body): string | undefined =>
    ({
      uuid: body.uuid,
      livscyklus: body.registrering.livscyklus,
      registreringFra: filled(body.registrering.fra),
      oprettet: filled(mine().find((each) => each.uuid === body.uuid)!.registrations[0]!.registrering.fra),
    })[felt];
  const [x, y] = [column(a), column(b)];
  if (x !== undefined && y !== undefined) return turn * (x < y ? -1 : x > y ? 1 : 0);
  const { naive } = fields[felt]!;
  const isNumber = ['egenskaber.antal', 'beloeb', 'vaegt', 'tid'].includes(felt);
  const by = (one: unknown, other: unknown): number =>
    isNumber ? compare(naive.rank!(one), naive.rank!(other)) : danish.compare(textOf(one), textOf(other));
  const least = (body: Body): unknown =>
    (body.facets[naive.facet] ?? []).flatMap((item) => naive.values(item)).sort(by)[0] ?? null;
  const [left, right] = [least(a), least(b)];
  if (left === null || right === null) return turn * (left === right ? 0 : left === null ? -1 : 1);
  return turn * by(left, right);
}
const filled = (text: string): string => text.replace('Z', '').padEnd(20, '.').padEnd(26, '0');
const textOf = (value: unknown): string => (isReference(value) ? keyOf(value) : String(value));

describe('pages', () => {
  async function walk(
    parts: Partial<Query>,
    when: AsOf,
    meanwhile?: () => Promise<unknown>,
  ): Promise<string[]> {
    const all: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof find>> = await find({ ...parts, cursor }, when);
      all.push(...page.uuids);
      expect(page.uuids.length).toBeLessThanOrEqual(parts.limit ?? 500);
      cursor = page.naeste;
      await meanwhile?.();
    } while (cursor !== null);
    return all;
  }

  it('hold every object once, in order, whatever the order and the size of the page', async () => {
    const sorter = fc
      .uniqueArray(fc.tuple(fc.constantFrom('', '-'), fc.constantFrom(...sortable)), {
        maxLength: 3,
        selector: ([, name]) => name,
      })
      .map((list) => list.map(([turn, name]) => turn + name));
    await fc.assert(
      fc.asyncProperty(sorter, fc.constantFrom(1, 2, 7, 50, 500), time, async (names, limit, when) => {
        const all = await walk({ sorter: names, limit: Math.max(limit, names.length === 0 ? 1 : 7) }, when);
        const bodies = new Map(visible(when).map((body) => [body.uuid, body]));
        expect([...all].sort()).toEqual([...bodies.keys()].sort());
        for (let n = 1; n < all.length; n++) {
          const [a, b] = [bodies.get(all[n - 1]!)!, bodies.get(all[n]!)!];
          const first =
            names.map((name) => order(a, b, name)).find((each) => each !== 0) ?? (a.uuid < b.uuid ? -1 : 1);
          expect(first).toBeLessThan(0);
        }
      }),
      { numRuns: 60, ...SEED },
    );
  }, 60_000);

  it('lose and repeat nothing that stands still while others write', async () => {
    const still = visible(NOW).map(({ uuid: id }) => id);
    const made: string[] = [];
    const meanwhile = async () => {
      const one = { virkning: { fra: at(2000) }, brugervendtNoegle: 'ny', titel: 'ab' };
      const { uuid: id } = await db.store.create(asking(caller), Ting, {
        attributter: { egenskaber: [one] },
      });
      if (made.push(id) > 3) await db.store.remove(asking(caller), Ting, made.shift()!, 1);
    };
    for (const sorter of [[], ['titel'], ['-registreringFra'], ['-beloeb', 'titel']]) {
      const all = await walk({ sorter, limit: 7 }, NOW, meanwhile);
      expect(new Set(all).size).toBe(all.length);
      expect(still.filter((id) => !all.includes(id))).toEqual([]);
    }
  }, 60_000);

  it('stand where the first one stood in time', async () => {
    const virkning = { fra: new Date(Date.now() + 400).toISOString() };
    const { uuid: id } = await db.store.create(asking(caller), Ting, {
      attributter: { egenskaber: [{ virkning, brugervendtNoegle: 'om lidt' }] },
    });
    const once = {
      eller: [
        {
          og: [
            { felt: 'uuid', lig: id },
            { felt: 'brugervendtNoegle', lig: 'om lidt' },
          ],
        },
        { felt: 'titel', findes: true },
      ],
    };
    const first = await find({ udtryk: once, limit: 1, sorter: ['uuid'] });
    await new Promise((resolve) => setTimeout(resolve, 500));
    let { naeste, uuids } = first;
    while (naeste !== null) {
      const next = await find({ udtryk: once, limit: 50, sorter: ['uuid'], cursor: naeste });
      uuids = [...uuids, ...next.uuids];
      naeste = next.naeste;
    }
    expect(uuids).not.toContain(id);
    expect((await find({ udtryk: once })).uuids).toContain(id);
  });

  it("are not read with a cursor that is altered, or another query's, time's or caller's, or outlived", async () => {
    const parts: Partial<Query> = {
      limit: 5,
      sorter: ['titel'],
      udtryk: { felt: 'brugervendtNoegle', findes: true },
    };
    const { naeste } = await find(parts);
    const cursor = naeste!;
    const refused = { status: 400, kode: 'cursor' };
    await expect(find({ ...parts, cursor })).resolves.toBeDefined();
    await expect(find({ ...parts, limit: 50, cursor })).resolves.toBeDefined();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let n = 0; n < cursor.length; n++)
      for (const bit of [1, 32]) {
        const other = alphabet[alphabet.indexOf(cursor[n]!) ^ bit]!;
        await expect(
          find({ ...parts, cursor: cursor.slice(0, n) + other + cursor.slice(n + 1) }),
        ).rejects.toMatchObject(refused);
      }
    for (const wrong of [
      '',
      '.',
      'æ',
      `${cursor}=`,
      ` ${cursor}`,
      `${cursor}A`,
      cursor.slice(0, -4),
      'A'.repeat(5_000),
    ])
      await expect(find({ ...parts, cursor: wrong })).rejects.toMatchObject(refused);
    await expect(find({ ...parts, sorter: ['-titel'], cursor })).rejects.toMatchObject(refused);
    await expect(find({ ...parts, udtryk: null, cursor })).rejects.toMatchObject(refused);
    await expect(find({ ...parts, vis: null, cursor })).rejects.toMatchObject(refused);
    await expect(find({ ...parts, cursor }, { ...NOW, virkning: 'alle' })).rejects.toMatchObject(refused);
    await expect(
      find({ ...parts, cursor }, { ...NOW, registrering: { at: recorded(1) } }),
    ).rejects.toMatchObject(refused);
    await expect(find({ ...parts, cursor }, NOW, anyone())).rejects.toMatchObject(refused);
    await expect(find({ ...parts, cursor }, NOW, { ...caller, owner: OTHER })).rejects.toMatchObject(refused);
    const user: Caller = { ...caller, groups: [...caller.groups, { ...caller.groups[0]!, kind: 'user' }] };
    const [one, other] = [randomUUID(), randomUUID()].map((subject) => ({ ...user, subject }));
    const theirs = (await find(parts, NOW, one)).naeste;
    await expect(find({ ...parts, cursor: theirs }, NOW, one)).resolves.toBeDefined();
    await expect(find({ ...parts, cursor: theirs }, NOW, other)).rejects.toMatchObject(refused);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 25 * 60 * 60 * 1000);
    await expect(find({ ...parts, cursor })).rejects.toMatchObject(refused);
    clock.mockRestore();
  });

  it('have cursors that tell nothing of what they point at', async () => {
    const { naeste } = await find({ limit: 5, sorter: ['titel', 'naboer'] });
    const text = Buffer.from(naeste!, 'base64url').toString('latin1');
    const page = await find({ limit: 5, sorter: ['titel', 'naboer'] });
    expect(text).not.toContain(page.uuids.at(-1));
  });
});

describe('a search of common and own objects', () => {
  it("finds own and common ones, never another municipality's, and counts no other", async () => {
    for (const [owner, sees] of [
      [OWN, [OWN, COMMON]],
      [OTHER, [OTHER, COMMON]],
      [COMMON, [COMMON]],
    ] as const) {
      const found = await find({ antal: true }, NOW, anyone(owner));
      const expected = known
        .filter((each) => sees.includes(each.owner as never) && seen(each, NOW))
        .map(({ uuid: id }) => id);
      expect(expected.length).toBeGreaterThan(5);
      expect(expected.filter((id) => !found.uuids.includes(id))).toEqual([]);
      const strangers = known.filter((each) => !sees.includes(each.owner as never)).map(({ uuid: id }) => id);
      expect(found.uuids.filter((id) => strangers.includes(id))).toEqual([]);
      expect(found.antal).toBe(found.uuids.length);
    }
  });

  it('loses neither of an own and a common object that have one UUID', async () => {
    const id = randomUUID();
    const body: ObjectInput = {
      attributter: { egenskaber: [{ virkning: { fra: at(2000) }, brugervendtNoegle: 'tvilling' }] },
    };
    await db.store.put(asking(caller), Ting, id, body, null);
    await db.store.put(asking(anyone(COMMON)), Ting, id, body, null);
    const parts: Partial<Query> = { udtryk: { felt: 'brugervendtNoegle', lig: 'tvilling' }, limit: 1 };
    const first = await find(parts);
    const second = await find({ ...parts, cursor: first.naeste });
    expect([...first.uuids, ...second.uuids]).toEqual([id, id]);
    expect(second.naeste).toBeNull();
  });
});
