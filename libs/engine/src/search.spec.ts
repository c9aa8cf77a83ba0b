import { randomUUID } from 'node:crypto';
import { parseInstant } from '@stoettesystemer/object';
import { Ting } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { Comparison, Expression } from './query';
import { SEED } from './spec/arbitrary-ting';
import { type Body, expression, fits } from './spec/naive-search';
import { bodyOf, caller, Population, query } from './spec/population';
import { asking, NOW } from './spec/test-store';

let people: Population;
beforeAll(async () => {
  people = await Population.make();
}, 60_000);
afterAll(async () => people.db.drop());

describe('search', () => {
  it('finds what a look at every object would find, by every operator and field, at any time', async () => {
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(expression, people.time, async (udtryk, when) => {
        const expected = people.visible(when).filter(({ facets }) => fits(facets, udtryk));
        const found = await people.find({ udtryk, antal: true }, when);
        expect(found.uuids).toEqual(expected.map(({ uuid: id }) => id).sort());
        expect(found.antal).toBe(expected.length);
        hits += expected.length;
      }),
      { numRuns: 500, ...SEED },
    );
    expect(hits).toBeGreaterThan(1_000);
  }, 60_000);

  it('finds by what the system knows', async () => {
    const [some, other] = people.visible(NOW) as [Body, Body];
    const both = [some.uuid, other.uuid].sort();
    expect((await people.find({ udtryk: { felt: 'uuid', lig: some.uuid.toUpperCase() } })).uuids).toEqual([
      some.uuid,
    ]);
    expect((await people.find({ udtryk: { felt: 'uuid', iblandt: both } })).uuids).toEqual(both);
    const rettet = people.visible(NOW).filter(({ registrering }) => registrering.livscyklus === 'Rettet');
    expect((await people.find({ udtryk: { felt: 'livscyklus', lig: 'Rettet' } })).uuids).toEqual(
      rettet.map(({ uuid: id }) => id).sort(),
    );
    const born = people.visible(NOW).map((body) => ({
      id: body.uuid,
      at: people.bornAt(body.uuid),
      last: body.registrering.fra,
    }));
    const [from, to] = [born[20]!.at, born[40]!.at];
    const between = (at_: string) =>
      parseInstant(from)! <= parseInstant(at_)! && parseInstant(at_)! < parseInstant(to)!;
    expect((await people.find({ udtryk: { felt: 'oprettet', mellem: [from, to] } })).uuids).toEqual(
      born
        .filter((each) => between(each.at))
        .map(({ id }) => id)
        .sort(),
    );
    expect((await people.find({ udtryk: { felt: 'registreringFra', mellem: [from, to] } })).uuids).toEqual(
      born
        .filter((each) => between(each.last))
        .map(({ id }) => id)
        .sort(),
    );
    expect((await people.find({ udtryk: { felt: 'uuid', findes: false } })).uuids).toEqual([]);
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
    await expect(people.find({ udtryk: { felt, lig: 'x' } })).rejects.toMatchObject(refused);
    await expect(people.find({ sorter: [felt] })).rejects.toMatchObject(refused);
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
    for (const udtryk of wrong) await expect(people.find({ udtryk })).rejects.toMatchObject({ status: 400 });
    const deep = Array.from({ length: 20 }).reduce<Expression>((ikke) => ({ ikke }), {
      felt: 'titel',
      findes: true,
    });
    await expect(people.find({ udtryk: deep })).rejects.toMatchObject({ status: 400, kode: 'dybde' });
    await expect(people.find({ vis: ['constructor'] })).rejects.toMatchObject({ status: 400, kode: 'vis' });
  });

  it('shows what is asked for', async () => {
    const shown = await people.db.store.search(
      asking(caller),
      Ting,
      query({ vis: ['gyldighed', 'naboer'] }),
      {
        ...NOW,
        virkning: 'alle',
      },
    );
    const whole = await people.db.store.search(asking(caller), Ting, query({ vis: null }), {
      ...NOW,
      virkning: 'alle',
    });
    expect(whole.data).toHaveLength(people.visible(NOW).length);
    for (const [n, text] of whole.data.entries()) {
      const { facets, ...rest } = bodyOf(text);
      const { facets: some, ...same_ } = bodyOf(shown.data[n]!);
      expect(same_).toEqual(rest);
      const chosen = Object.entries(facets).filter(([facet]) => facet === 'gyldighed' || facet === 'naboer');
      expect(some).toEqual(Object.fromEntries(chosen));
      expect(
        await people.db.store.read(asking(caller), Ting, rest.uuid, { ...NOW, virkning: 'alle' }),
      ).toMatchObject({ body: text });
    }
  });
});
