import { DEVELOPMENT_ISSUER, developmentKeysFile } from '@stoettesystemer/access';
import { createService, Metrics, openLog, openPort, settingsFrom } from '@stoettesystemer/server';
import { Ting } from '@stoettesystemer/testing';
import { answer, givenArgument } from './child';
import { SERVICE } from './made-up-thing';
import { ownUsage } from './usage';

export interface ServiceArgument {
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** MB of ready answers, as in MELLEMLAGER; left out, what a service has of itself. */
  readonly copies?: number;
}

/** A service of the made-up type as it is in production: tokens, limiter, one log line a request, sequencer, listener. */
async function start({ dataDir, databaseUrl, copies }: ServiceArgument) {
  const settings = settingsFrom({
    DATA_DIR: dataDir,
    PORT: '0',
    UDSTEDER: DEVELOPMENT_ISSUER,
    UDSTEDER_NOEGLER: developmentKeysFile(dataDir),
    RATE: '999999/999999',
    MELLEMLAGER: copies === undefined ? '' : `${copies}`,
  });
  const service = await createService(
    { name: 'bench', prefix: SERVICE, types: [Ting] },
    { settings, databaseUrl, log: openLog(settings.logLevel), metrics: new Metrics() },
  );
  const { port } = await openPort([service], settings.port);
  const calls = { port: () => port, usage: ownUsage };
  answer(calls);
  return calls;
}

export type ServiceCalls = Awaited<ReturnType<typeof start>>;
void start(givenArgument());
