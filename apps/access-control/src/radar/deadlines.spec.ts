import type { INestApplication } from '@nestjs/common';
import { DEVELOPMENT_ISSUER, developmentKeysFile } from '@stoettesystemer/access';
import { now } from '@stoettesystemer/object';
import {
  conformance,
  createService,
  Metrics,
  openLog,
  openPort,
  settingsFrom,
} from '@stoettesystemer/server';
import { runningService, type RunningService } from '@stoettesystemer/testing';
import { accessControl } from '../access-control';
import { Parties } from '../agreement/spec/parties';
import { jsonOf } from '../spec/town';
import { DAY, Deadlines } from './deadlines';

let service: RunningService;
let app: INestApplication;
let at: Parties;
beforeAll(async () => {
  const { prefix, types } = accessControl;
  service = await runningService({
    prefix,
    types,
    open: async ({ databaseUrl, dataDir }) => {
      const settings = settingsFrom({
        DATA_DIR: dataDir,
        PORT: '0',
        UDSTEDER: DEVELOPMENT_ISSUER,
        UDSTEDER_NOEGLER: developmentKeysFile(dataDir),
      });
      const surroundings = { settings, databaseUrl, log: openLog('silent'), metrics: new Metrics() };
      const made = await createService(accessControl, surroundings);
      app = made.app;
      const { port, close } = await openPort([made], 0);
      return { port, close, document: made.document, faults: await conformance(made.document) };
    },
  });
  at = await Parties.in(service);
});
afterAll(() => service.close());

const END = '2990-01-01T00:00:00Z';
const end = BigInt(Date.parse(END)) * 1000n;

interface Mail {
  readonly om: string;
  readonly emne: string;
  readonly til: string | null;
  readonly tekst: string;
}
const written = async (uuid: string): Promise<string[]> => {
  const answer = await service.send('GET', '/adgangsstyring/dev/post', { token: null });
  return jsonOf<{ data: Mail[] }>(answer)
    .data.filter(({ om, emne }) => om === uuid && emne.includes('udløber'))
    .map(({ til, tekst }) => `${/inden for (\d+) dage/.exec(tekst)?.[1]} ${til ?? 'myndigheden'}`)
    .sort();
};

test('is told of at 60, 30 and 7 days, once each, however often it is looked for', async () => {
  const uuid = await at.through(await at.draft(), 'anmod', ['godkend', { til: END }]);
  const deadlines = app.get(Deadlines);
  const look = async (daysLeft: bigint) => {
    // Several processes may look at the same time.
    await Promise.all([1, 2, 3].map(() => deadlines.tell(end - daysLeft * DAY)));
    return written(uuid);
  };
  await deadlines.tell(now());
  expect(await look(61n)).toEqual([]);
  const sixty = ['60 drift@leverandoer.dk', '60 myndigheden'];
  expect(await look(60n)).toEqual(sixty);
  expect(await look(31n)).toEqual(sixty);
  const thirty = ['30 drift@leverandoer.dk', '30 myndigheden', ...sixty];
  expect(await look(30n)).toEqual(thirty);
  const seven = [...thirty, '7 drift@leverandoer.dk', '7 myndigheden'];
  expect(await look(6n)).toEqual(seven);
  expect(await look(0n)).toEqual(seven);
  // One that is found late is told of at the distance that it has, and not at those that it has passed.
  const late = await at.through(await at.draft(), 'anmod', ['godkend', { til: END }]);
  await deadlines.tell(end - 2n * DAY);
  expect(await written(late)).toEqual(['7 drift@leverandoer.dk', '7 myndigheden']);
});
