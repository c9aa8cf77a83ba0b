import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { audienceOf, DEMO_OWNERS, DEMO_SYSTEMS } from '@stoettesystemer/access';
import { alone } from '../figure';
import type { AssertionBy } from '../assertion';
import type { Chapter } from './chapter';

const SYSTEM = 'demo-fagsystem';
const EXTERNAL = 'http://localhost:3000';
const SECOND = 1_000_000;

/** Tokens by client_credentials and private_key_jwt: assertion checked, agreement decided, token signed, both logged. */
export const tokens: Chapter = {
  name: 'tokens',
  async run(bench) {
    const dataDir = mkdtempSync(join(bench.place.folder, 'adgang-'));
    const url = await bench.place.emptyDatabase('adgang');
    const server = await bench.place.accessControl({ dataDir, databaseUrl: url, externalUrl: EXTERNAL });
    const by: AssertionBy = {
      key: JSON.parse(readFileSync(join(dataDir, 'demo', `${SYSTEM}.jwk`), 'utf8')) as AssertionBy['key'],
      system: DEMO_SYSTEMS[SYSTEM]!.uuid,
      issuer: `${EXTERNAL}/adgangsstyring`,
      service: audienceOf('klassifikation'),
      owner: DEMO_OWNERS.eksempelkoebing,
    };
    const name = 'a token by client_credentials and private_key_jwt';
    const samples = (await bench.rounds.run([{ name, server, workload: { kind: 'token', ...by } }]))[name]!;
    await server.end();
    return [
      alone(
        {
          name: `${name}: for each core that server and database keep busy`,
          unit: '/s',
          target: 300,
          atLeast: true,
        },
        samples.map(({ serverCpu, databaseCpu }) => SECOND / (serverCpu + databaseCpu)),
      ),
      alone(
        { name: `${name}: p99, 16 connections`, unit: 'ms' },
        samples.map(({ p99 }) => p99),
      ),
    ];
  },
};
