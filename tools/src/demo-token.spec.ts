import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessControl } from '@stoettesystemer/access-control';
import {
  createService,
  Metrics,
  openLog,
  openPort,
  type OpenPort,
  settingsFrom,
} from '@stoettesystemer/server';
import { testDatabase, type TestDatabase } from '@stoettesystemer/testing';
import { decodeJwt } from 'jose';
import { demoToken, type TokenPlace } from './demo-token';

const OUTSIDE = 'http://platformen.example.dk';
const wish = { system: 'demo-fagsystem', service: 'klassifikation', cvr: '12345678' };

let db: TestDatabase;
let port: OpenPort;
let place: TokenPlace;
beforeAll(async () => {
  db = await testDatabase({ service: 'demo-token', migrate: async () => {} });
  const dataDir = mkdtempSync(join(tmpdir(), 'demo-token-'));
  const settings = settingsFrom({ DATA_DIR: dataDir, PORT: '0', EKSTERN_URL: OUTSIDE });
  const log = openLog('silent');
  const service = await createService(accessControl, {
    settings,
    databaseUrl: db.url,
    log,
    metrics: new Metrics(),
  });
  port = await openPort([service], 0);
  place = {
    address: OUTSIDE,
    dataDir,
    fetch: (address, init) =>
      fetch(`http://localhost:${port.port}${new URL(address).pathname}`, init as RequestInit),
  };
});
afterAll(async () => {
  await port.close();
  await db.drop();
  rmSync(place.dataDir, { recursive: true });
});

test('a demo system gets a token from the platform with its own key', async () => {
  expect(decodeJwt(await demoToken(wish, place))).toMatchObject({
    iss: `${OUTSIDE}/adgangsstyring`,
    aud: 'urn:stoettesystemerne:service:klassifikation',
    cvr: '12345678',
  });
});

test.each([
  ['no agreement', { cvr: '99999999' }, /ikke udstedt noget token: ingen_aftale: /],
  ['no such service', { service: 'flyv' }, /ikke udstedt noget token: ukendt_service: /],
  ['no such system', { system: 'flyv' }, /intet demosystem ved navn flyv\. Vælg demo-fagsystem/],
])('%s is said in Danish', async (_, otherwise, said) => {
  await expect(demoToken({ ...wish, ...otherwise }, place)).rejects.toMatchObject({
    detail: expect.stringMatching(said) as unknown,
  });
});

test('a platform that is not running, and one that has never run here, are said in Danish', async () => {
  const server = createServer().listen(0);
  const { port: free } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const nobody = { address: `http://localhost:${free}`, dataDir: place.dataDir };
  await expect(demoToken(wish, nobody)).rejects.toMatchObject({
    detail: expect.stringMatching(/svarer ikke på http.*--adresse/) as unknown,
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'demo-token-'));
  await expect(demoToken(wish, { ...place, dataDir })).rejects.toMatchObject({
    detail: expect.stringMatching(/demo-fagsystem\.jwk findes ikke/) as unknown,
  });
  rmSync(dataDir, { recursive: true });
});

test('a platform that calls itself something else is said in Danish', async () => {
  await expect(demoToken(wish, { ...place, address: 'http://en-anden.example.dk' })).rejects.toMatchObject({
    detail: expect.stringMatching(/kalder sig noget andet/) as unknown,
  });
});
