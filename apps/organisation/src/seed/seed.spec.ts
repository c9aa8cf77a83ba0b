import type { INestApplication } from '@nestjs/common';
import { DEMO_UNIT, demoEmployee, DEVELOPMENT_ISSUER, developmentKeysFile } from '@stoettesystemer/access';
import { ObjectStore } from '@stoettesystemer/engine';
import { Database } from '@stoettesystemer/postgres';
import {
  conformance,
  createService,
  Metrics,
  openLog,
  openPort,
  type Profile,
  settingsFrom,
  type Surroundings,
} from '@stoettesystemer/server';
import { runningService, type RunningService } from '@stoettesystemer/testing';
import { DeviationModule } from '../deviation/deviation.module';
import { deviationAdditions } from '../deviation/open-api';
import { organisation } from '../organisation';
import { organisationUuid } from './authority';
import { MUNICIPALITIES } from './municipalities';
import { Seeder } from './seeder';

const options = { ...organisation, modules: [DeviationModule], additions: deviationAdditions };
const [TOWN, OTHER, COMMON] = ['12345678', '87654321', '19435075'] as const;

let service: RunningService;
let app: INestApplication;
let surroundings: Surroundings;
beforeAll(async () => {
  service = await runningService({
    prefix: 'organisation',
    types: organisation.types,
    open: async ({ databaseUrl, dataDir }) => {
      const settings = settingsFrom({
        DATA_DIR: dataDir,
        PORT: '0',
        UDSTEDER: DEVELOPMENT_ISSUER,
        UDSTEDER_NOEGLER: developmentKeysFile(dataDir),
      });
      surroundings = { settings, databaseUrl, log: openLog('silent'), metrics: new Metrics() };
      const made = await createService(options, surroundings);
      app = made.app;
      const { port, close } = await openPort([made], 0);
      return { port, close, document: made.document, faults: await conformance(made.document) };
    },
  });
});
afterAll(() => service.close());

/** As a start does it. */
const start = (profile: Profile) =>
  new Seeder(app.get(ObjectStore), app.get(Database), {
    ...surroundings,
    settings: { ...surroundings.settings, profile },
  } as never).onModuleInit();
const registrations = async (owner: string): Promise<number> => {
  const { rows } = await service.database.run(
    { owner },
    {
      name: 'spec-registrations',
      text: 'select count(*)::int as n from registration where owner = $1::int',
      values: [owner],
    },
  );
  return rows[0]!['n'] as number;
};
const counts = async () => [
  await registrations(COMMON),
  await registrations(TOWN),
  await registrations(OTHER),
];

interface Read {
  readonly uuid: string;
  readonly ejer: string;
  readonly attributter: { readonly egenskaber: readonly Readonly<Record<string, string>>[] };
  readonly relationer: Readonly<Record<string, readonly { readonly reference: { readonly uuid: string } }[]>>;
}
const read = async (path: string, cvr: string = TOWN): Promise<Read[]> => {
  const answer = await service.send('GET', `/organisation/v1/${path}`, {
    token: await service.token({ cvr }),
  });
  expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
  return (JSON.parse(answer.text) as { data: Read[] }).data;
};
const to = ({ relationer }: Read, relation: string) => relationer[relation]?.[0]?.reference.uuid;

test('production has the common layer alone; a later start adds what is missing, and the next nothing', async () => {
  await start('produktion');
  expect(await counts()).toEqual([98 * 3, 0, 0]);
  await start('udvikling');
  const [common, ...demo] = await counts();
  expect(common).toBe(98 * 3);
  expect(demo.every((count) => count > 10)).toBe(true);
  await start('udvikling');
  expect(await counts()).toEqual([common, ...demo]);
});

test('every municipality reads all 98, with code, CVR number and name, and changes none', async () => {
  expect(MUNICIPALITIES).toHaveLength(98);
  for (const cvr of [TOWN, OTHER]) {
    const authorities = (await read('myndigheder?limit=500', cvr)).filter(({ ejer }) => ejer === COMMON);
    const said = authorities.map(({ attributter }) => {
      const [{ myndighedskode, navn, cvrNummer } = {}] = attributter.egenskaber;
      return [myndighedskode, navn, cvrNummer];
    });
    expect(said.sort()).toEqual([...MUNICIPALITIES].sort());
  }
  const uuid = organisationUuid('64942212');
  const [copenhagen] = await read(`organisationer?uuid=${uuid}`);
  const [company] = await read(`virksomheder?uuid=${to(copenhagen!, 'virksomhed')}`);
  expect(company!.attributter.egenskaber[0]).toMatchObject({
    cvrNummer: '64942212',
    navn: 'Københavns Kommune',
  });
  const refused = await service.send('DELETE', `/organisation/v1/organisationer/${uuid}`, {
    headers: { 'if-match': '"1"' },
  });
  expect(refused.status).toBe(403);
});

test('the demo municipalities break no rule, and give no cause for advice', async () => {
  for (const cvr of [TOWN, OTHER])
    for (const niveau of ['regel', 'raad'])
      expect(await read(`afvigelser?niveau=${niveau}`, cvr)).toEqual([]);
});

test('Eksempelkøbing is a tree with a leader for every unit but one', async () => {
  const units = await read('organisationenheder?limit=500');
  const roots = units.filter((unit) => to(unit, 'overordnet') === undefined);
  expect([units.length, roots.length]).toEqual([14, 1]);
  const [town] = await read(`organisationer?uuid=${organisationUuid(TOWN)}`);
  expect(to(town!, 'overordnet')).toBe(roots[0]!.uuid);
  const functions = await read(
    'organisationfunktioner?limit=500&funktionstype=46c73630-f7ad-4000-9624-c06131cde671',
  );
  const led = new Set(functions.map((each) => to(each, 'tilknyttedeEnheder')));
  const without = units.filter(({ uuid }) => !led.has(uuid));
  expect([
    functions.length,
    without.map(({ attributter }) => attributter.egenskaber[0]!['enhedNavn']),
  ]).toEqual([13, ['Hjemmeplejen Syd']]);
});

test('the unit that a made-up leader is sent with at login is there, with more under it', async () => {
  const token = await service.tokenAs(
    {},
    { constraints: { orgenhed: [{ rod: DEMO_UNIT, undertrae: true }] } },
  );
  const answer = await service.send('GET', '/organisation/v1/organisationenheder?limit=500', { token });
  const seen = (JSON.parse(answer.text) as { data: Read[] }).data;
  expect(seen.map(({ attributter }) => attributter.egenskaber[0]!['enhedNavn']).sort()).toEqual([
    'Hjemmeplejen Nord',
    'Hjemmeplejen Syd',
    'Visitationen',
    'Ældre og Omsorg',
  ]);
});

test('whoever logs in as a made-up employee is a user, in the municipality of the IdP', async () => {
  for (const [cvr, numbers] of [
    [TOWN, [1, 2, 3, 4, 5, 6, 7, 8]],
    [OTHER, [9, 10, 11, 12]],
  ] as const) {
    const uuids = numbers.map(demoEmployee);
    expect((await read(`brugere?uuid=${uuids.join(',')}`, cvr)).map(({ uuid }) => uuid).sort()).toEqual(
      uuids,
    );
  }
});
