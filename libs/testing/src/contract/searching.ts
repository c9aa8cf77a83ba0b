import { randomUUID } from 'node:crypto';
import { type Contract, jsonOf, kodeOf, type Made } from './contract';
import {
  hasBeginning,
  hasOrder,
  itemOf,
  leastOf,
  leavingOneOut,
  operandIn,
  operandsIn,
  otherOperand,
  parameterOf,
  type SearchField,
  searchFieldsOf,
} from './search-field';

interface Page {
  readonly data: { uuid: string }[];
  readonly naeste: string | null;
  readonly antal?: number;
}
type Expression = Record<string, unknown>;

/** Søg (contract §6): every declared field by every operator that it has, in a URL and in a body; and pages. */
export function searching(contract: Contract): void {
  const { type } = contract;
  const isThere = ({ facet, member }: SearchField) =>
    !contract.without.some((name) => name === facet || name === `${facet}.${member}`);
  const fields = searchFieldsOf(type).filter(isThere);
  let made: Made;
  beforeAll(async () => {
    made = await contract.make(leavingOneOut(await contract.body(), fields));
  });

  const byBody = async (udtryk: Expression, more: Expression = {}): Promise<string[]> => {
    const body = { udtryk: { og: [{ felt: 'uuid', lig: made.uuid }, udtryk] }, ...more };
    const answer = await contract.send('POST', contract.at('soegninger'), { body });
    if (answer.status !== 200) throw new Error(`${JSON.stringify(udtryk)}: ${answer.status} ${answer.text}`);
    return jsonOf<Page>(answer).data.map(({ uuid }) => uuid);
  };
  const byParameters = (parameters: Record<string, string>) =>
    contract.send(
      'GET',
      `${contract.at()}?${new URLSearchParams({ uuid: made.uuid, ...parameters }).toString()}`,
    );
  const found = async (parameters: Record<string, string>): Promise<string[]> => {
    const answer = await byParameters(parameters);
    if (answer.status !== 200)
      throw new Error(`${JSON.stringify(parameters)}: ${answer.status} ${answer.text}`);
    return jsonOf<Page>(answer).data.map(({ uuid }) => uuid);
  };
  /** What finds the object by its value, and what must not. */
  const expressionsOf = (field: SearchField): [hits: Expression[], misses: Expression[]] => {
    const felt = field.name;
    const lig = operandIn(made.body, field);
    const other = otherOperand(made.body, field);
    const hits: Expression[] = [{ lig }, { iblandt: [other, lig] }, { findes: true }];
    const misses: Expression[] = [{ lig: other }, { iblandt: [] }, { iblandt: [other] }, { findes: false }];
    if (hasOrder(field)) {
      hits.push({ mellem: [lig, null] });
      misses.push({ mellem: [null, leastOf(field, operandsIn(made.body, field))] });
    }
    if (hasBeginning(field)) {
      const text = String(field.textField ? itemOf(made.body, field)[field.textField] : lig);
      hits.push({ begynderMed: [...text].slice(0, 3).join('') });
      misses.push({ begynderMed: `${text}x` });
      if (field.textField) hits.push({ lig: text });
    }
    const { rolle } = itemOf(made.body, field);
    if (field.section === 'relationer' && type.relations[field.facet]?.roles) {
      hits.push({ lig, rolle });
      misses.push({ lig, rolle: randomUUID() });
    }
    return [hits.map((each) => ({ felt, ...each })), misses.map((each) => ({ felt, ...each }))];
  };

  test.each(fields.map((field) => [field.name, field] as const))('søg på %s', async (_, field) => {
    const [hits, misses] = expressionsOf(field);
    for (const hit of hits) {
      expect([hit, await byBody(hit)]).toEqual([hit, [made.uuid]]);
      expect([hit, await byBody({ ikke: hit })]).toEqual([hit, []]);
    }
    for (const miss of misses) expect([miss, await byBody(miss)]).toEqual([miss, []]);
    expect(await byBody({ eller: [misses[0]!, hits[0]!] })).toEqual([made.uuid]);

    const value = operandIn(made.body, field);
    const [text, other] = [value, otherOperand(made.body, field)].map(parameterOf) as [string, string];
    if (field.personal) {
      const answer = await byParameters({ [field.name]: text });
      expect([answer.status, answer.text.includes(text)]).toEqual([400, false]);
      expect(['ukendt', 'personnummer']).toContain(kodeOf(answer));
      return;
    }
    expect(await found({ [field.name]: text })).toEqual([made.uuid]);
    expect(await found({ [field.name]: other })).toEqual([]);
    expect(await found({ [field.name]: `${other},${text}` })).toEqual([made.uuid]);
    if (hasBeginning(field) && !field.textField)
      expect(await found({ [field.name]: `${[...text].slice(0, 3).join('')}*` })).toEqual([made.uuid]);
    expect(await found({ sorter: `-${field.name}` })).toEqual([made.uuid]);
  });

  const prose = Object.entries(type.attributes).flatMap(([facet, { fields: members, key }]) =>
    Object.entries(members)
      .filter(([name, field]) => field.prose && field.kind === 'text' && name !== key)
      .map(([name, { personal }]) => ({ facet, name, personal: personal === true })),
  );
  if (prose.length > 0)
    test('søg på tekst: the words, inflected and misspelt', async () => {
      const body = await contract.body();
      for (const { facet, name } of prose)
        for (const item of body.attributter[facet] ?? []) item[name] = 'Kørsel';
      const [{ facet, name }] = prose as [(typeof prose)[0]];
      body.attributter[facet]![0]![name] = 'Kørsel med skolebus';
      made = await contract.make(body);
      for (const tekst of ['skolebus', 'skolebusser', 'skolebuss'])
        expect([tekst, await byBody({ felt: 'tekst', lig: tekst })]).toEqual([tekst, [made.uuid]]);
      expect(await byBody({ felt: 'tekst', lig: 'kontanthjælp' })).toEqual([]);
      // A name that may be of a person is not written in a URL.
      const answer = await byParameters({ tekst: 'skolebus' });
      expect(answer.status).toBe(prose.some(({ personal }) => personal) ? 400 : 200);
    });

  test('laes: many at once, without those that are not there', async () => {
    const [one, two] = [await contract.make(), await contract.make()];
    const answer = await contract.send('POST', contract.at('laes'), {
      body: { uuid: [two.uuid, randomUUID(), one.uuid] },
    });
    const { data } = jsonOf<Page>(answer);
    expect(data.map(({ uuid }) => uuid).sort()).toEqual([one.uuid, two.uuid].sort());
    expect(data).toEqual(expect.arrayContaining([one.object, two.object]));
  });

  test('pages: each object once, in order, by a cursor that fits one question and one caller', async () => {
    const all: string[] = [];
    for (let i = 0; i < 5; i++) all.push((await contract.make()).uuid);
    const ask = (more: Record<string, string>, token?: string) =>
      contract.send(
        'GET',
        `${contract.at()}?${new URLSearchParams({ uuid: all.join(), vis: 'uuid', limit: '2', sorter: 'registreringFra', ...more }).toString()}`,
        token === undefined ? {} : { token },
      );
    interface Uuids {
      readonly data: string[];
      readonly naeste: string | null;
      readonly antal?: number;
    }
    const pages: string[][] = [];
    let next: string | null = null;
    const cursors: string[] = [];
    do {
      const answer = await ask(next === null ? {} : { cursor: next });
      const { data, naeste } = jsonOf<Uuids>(answer);
      pages.push(data);
      expect(Boolean(answer.headers['link']?.includes('rel="next"'))).toBe(naeste !== null);
      next = naeste;
      if (next !== null) cursors.push(next);
    } while (next !== null);
    expect(pages).toEqual([all.slice(0, 2), all.slice(2, 4), all.slice(4)]);
    expect(jsonOf<Uuids>(await ask({ sorter: '-registreringFra', limit: '5', antal: 'true' }))).toEqual({
      data: [...all].reverse(),
      naeste: null,
      antal: 5,
    });

    const [cursor] = cursors as [string];
    const otherTown = await contract.service.token({ cvr: '87654321' });
    const flipped = `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`;
    const refused = [
      await ask({ cursor, sorter: '-registreringFra' }),
      await ask({ cursor, uuid: all.slice(1).join() }),
      await ask({ cursor }, otherTown),
      await ask({ cursor: flipped }),
      await ask({ limit: '0' }),
      await ask({ limit: '501' }),
    ];
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 400));
  });

  test('an unknown parameter, field or order is 400', async () => {
    const refused = [
      await byParameters({ uopfundet: 'x' }),
      await byParameters({ sorter: 'uopfundet' }),
      await byParameters({ vis: 'uopfundet' }),
      await contract.send('GET', `${contract.at()}?uuid=${made.uuid}&uuid=${made.uuid}`),
      await contract.send('POST', contract.at('soegninger'), {
        body: { udtryk: { felt: 'uopfundet', lig: 'x' } },
      }),
      await contract.send('POST', contract.at('soegninger'), { body: { udtryk: { felt: 'uuid' } } }),
    ];
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 400));
  });

  test('vis: only what is asked for', async () => {
    const [facet] = Object.keys(type.attributes);
    const body = { udtryk: { felt: 'uuid', lig: made.uuid }, vis: [facet] };
    const { data } = jsonOf<{ data: [Record<string, object>] }>(
      await contract.send('POST', contract.at('soegninger'), { body }),
    );
    expect(Object.keys(data[0]['attributter']!)).toEqual([facet]);
    expect(Object.keys({ ...data[0]['tilstande'], ...data[0]['relationer'] })).toEqual([]);
  });
}
