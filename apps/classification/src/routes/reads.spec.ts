import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { runningClassification } from '../spec/running-classification';
import { made, outcomeOf, pointing, Town } from '../spec/town';

interface Node {
  readonly uuid: string;
  readonly titel: string;
  readonly antalUnderordnede: number;
  readonly underordnede?: Node[];
}
interface Shape {
  readonly [titel: string]: Shape;
}
const shapeOf = (nodes: readonly Node[] = []): Shape =>
  Object.fromEntries(nodes.map(({ titel, underordnede }) => [titel, shapeOf(underordnede)]));

let service: RunningService;
let town: Town;
let facet: string;
let klassifikation: string;
const uuids: Record<string, string> = {};
const key = randomUUID();

// Each answer is held against the OpenAPI document by the client itself.
beforeAll(async () => {
  service = await runningClassification();
  town = new Town(service);
  klassifikation = await made(town.postKlassifikation({ key }));
  facet = await made(town.postFacet({ key: 'Emne', klassifikation }));
  const add = async (titel: string, over?: string, more: object = {}) => {
    const above = over === undefined ? {} : { over: uuids[over]! };
    uuids[titel] = await made(town.postKlasse({ key: titel, titel, facet, ...above, ...more }));
  };
  await add('27');
  await add('27.18', '27');
  await add('27.18.02', '27.18');
  await add('27.18.01', '27.18');
  await add('27.18.03', '27.18', { fra: '2020-01-01T00:00:00Z' });
  await add('27.18.04', '27.18', { status: 'IkkePubliceret' });
  await add('28');
});
afterAll(() => service.close());

const BOTH = { '27': { '27.18': { '27.18.01': {}, '27.18.02': {}, '27.18.03': {} } }, '28': {} };

describe('træer', () => {
  test('of a facet: what is published now, in order', async () => {
    const tree = await town.read<{ underordnede: Node[] }>(`facetter/${facet}/trae`);
    expect(shapeOf(tree.underordnede)).toEqual(BOTH);
    expect(tree.underordnede[0]?.underordnede?.[0]?.underordnede?.map(({ titel }) => titel)).toEqual([
      '27.18.01',
      '27.18.02',
      '27.18.03',
    ]);
    expect(tree).toMatchObject({ uuid: facet, brugervendtNoegle: 'Emne' });
  });

  test('of a klassifikation and of a klasse', async () => {
    const all = await town.read<{ facetter: { uuid: string; underordnede: Node[] }[] }>(
      `klassifikationer/${klassifikation}/trae`,
    );
    expect(all.facetter.map(({ uuid, underordnede }) => [uuid, shapeOf(underordnede)])).toEqual([
      [facet, BOTH],
    ]);
    const one = await town.read<Node>(`klasser/${uuids['27.18']}/trae`);
    expect([one.uuid, shapeOf(one.underordnede)]).toEqual([uuids['27.18'], BOTH['27']['27.18']]);
  });

  test('with those that are not published, when all are asked for', async () => {
    const { underordnede } = await town.read<{ underordnede: Node[] }>(`facetter/${facet}/trae?alle=true`);
    expect(shapeOf(underordnede)['27']?.['27.18']).toEqual({ ...BOTH['27']['27.18'], '27.18.04': {} });
  });

  test('to a depth, and the count of what is below', async () => {
    const { underordnede } = await town.read<{ underordnede: Node[] }>(`facetter/${facet}/trae?dybde=2`);
    expect(shapeOf(underordnede)).toEqual({ '27': { '27.18': {} }, '28': {} });
    expect(underordnede[0]?.underordnede?.[0]?.antalUnderordnede).toBe(3);
    for (const dybde of ['0', '21', 'x'])
      expect(outcomeOf(await town.send('GET', `facetter/${facet}/trae?dybde=${dybde}`))[0]).toBe(400);
  });

  test('as it was, and as it was known', async () => {
    const at = async (query: string) =>
      shapeOf((await town.read<{ underordnede: Node[] }>(`facetter/${facet}/trae?${query}`)).underordnede);
    expect((await at('virkningstid=2010-01-01T00:00:00Z'))['27']?.['27.18']).toEqual({
      '27.18.01': {},
      '27.18.02': {},
    });
    const { registrering } = await town.read<{ registrering: { fra: string } }>(`klasser/${uuids['28']}`);
    const moved = {
      relationer: { overordnetKlasse: pointing(uuids['27'], { fra: '2015-01-01T00:00:00Z' }) },
    };
    expect(outcomeOf(await town.change('PATCH', `klasser/${uuids['28']}`, moved))).toEqual([200]);
    expect(Object.keys(await at(''))).toEqual(['27']);
    expect((await at(''))['27']).toHaveProperty('28');
    expect(Object.keys(await at('virkningstid=2014-12-31T00:00:00Z'))).toEqual(['27', '28']);
    expect(Object.keys(await at(`registreringstid=${registrering.fra}`))).toEqual(['27', '28']);
  });

  test('of what is not there, or is another municipality’s: 404', async () => {
    const other = new Town(service, { cvr: '87654321' });
    for (const [path, uuid] of [
      ['klassifikationer', klassifikation],
      ['facetter', facet],
      ['klasser', uuids['27']],
    ]) {
      expect(outcomeOf(await other.send('GET', `${path}/${uuid}/trae`))).toEqual([404, 'findes_ikke']);
      expect(outcomeOf(await town.send('GET', `${path}/${randomUUID()}/trae`))).toEqual([404, 'findes_ikke']);
    }
  });
});

describe('opslag', () => {
  const find = async (path: Record<string, string>, by = town): Promise<string[]> => {
    const found = await by.read<{ data: { uuid: string }[] }>(
      `opslag?${new URLSearchParams(path).toString()}`,
    );
    return found.data.map(({ uuid }) => uuid);
  };

  test('by the keys that people know, as far as the path goes', async () => {
    expect(await find({ klassifikation: key })).toEqual([klassifikation]);
    expect(await find({ klassifikation: key, facet: 'Emne' })).toEqual([facet]);
    expect(await find({ klassifikation: key, facet: 'Emne', klasse: '27.18.02' })).toEqual([
      uuids['27.18.02'],
    ]);
  });

  test('what is not there is 404, and a path with a hole 400', async () => {
    const statusOf = async (query: string, by = town) => (await by.send('GET', `opslag?${query}`)).status;
    expect(await statusOf(`klassifikation=${key}&facet=Emne&klasse=99`)).toBe(404);
    expect(await statusOf(`klassifikation=${key}&facet=Handling`)).toBe(404);
    expect(await statusOf(`klassifikation=${randomUUID()}&facet=Emne&klasse=27`)).toBe(404);
    expect(
      await statusOf(`klassifikation=${key}&facet=Emne&klasse=27.18.03&virkningstid=2010-01-01T00:00:00Z`),
    ).toBe(404);
    expect(await statusOf(`klassifikation=${key}`, new Town(service, { cvr: '87654321' }))).toBe(404);
    expect(await statusOf(`klassifikation=${key}&klasse=27`)).toBe(400);
    expect(await statusOf('facet=Emne')).toBe(400);
  });

  test('a common one is found by every municipality', async () => {
    const common = new Town(service, { system: 'demo-faelles', cvr: '19435075' });
    const shared = await made(common.postKlassifikation({ key: 'Fælles' }));
    const theirs = await made(common.postFacet({ key: 'Emne', klassifikation: shared }));
    const klasse = await made(common.postKlasse({ key: '00', facet: theirs }));
    const path = { klassifikation: 'Fælles', facet: 'Emne', klasse: '00' };
    for (const each of [town, new Town(service, { cvr: '87654321' })]) {
      expect(await find(path, each)).toEqual([klasse]);
      expect(outcomeOf(await each.change('DELETE', `klasser/${klasse}`))).toEqual([403, 'faelles']);
    }
  });
});
