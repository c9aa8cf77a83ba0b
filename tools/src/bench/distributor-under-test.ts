import { messageDistribution } from '@stoettesystemer/message-distribution';
import { createService, Metrics, openLog, openPort, settingsFrom } from '@stoettesystemer/server';
import { answer, givenArgument } from './child';
import { ownUsage } from './usage';

export interface DistributorArgument {
  /** Adgangsstyring's too, which has made the key here that Beskedfordeler asks it with. */
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** What Adgangsstyring says that its address is, and where it is reached. */
  readonly externalUrl: string;
  readonly accessPort: number;
}

/** Beskedfordeler beside an Adgangsstyring, which it asks what receivers may have. */
async function start({ dataDir, databaseUrl, externalUrl, accessPort }: DistributorArgument) {
  const settings = settingsFrom({
    DATA_DIR: dataDir,
    PORT: '0',
    EKSTERN_URL: externalUrl,
    ADGANGSSTYRING: `http://127.0.0.1:${accessPort}/adgangsstyring`,
    RATE: '999999/999999',
  });
  const service = await createService(messageDistribution, {
    settings,
    databaseUrl,
    log: openLog(settings.logLevel),
    metrics: new Metrics(),
  });
  const { port } = await openPort([service], settings.port);
  const calls = { port: () => port, usage: ownUsage };
  answer(calls);
  return calls;
}

export type DistributorCalls = Awaited<ReturnType<typeof start>>;
void start(givenArgument());
