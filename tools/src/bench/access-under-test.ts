import { accessControl } from '@stoettesystemer/access-control';
import { createService, Metrics, openLog, openPort, settingsFrom } from '@stoettesystemer/server';
import { answer, givenArgument } from './child';
import { ownUsage } from './usage';

export interface AccessArgument {
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** What it says that its address is. */
  readonly externalUrl: string;
  /** Its own, where others ask it: then it believes the tokens that it gives them. */
  readonly port?: number;
}

/** Adgangsstyring with the demo in it. */
async function start({ dataDir, databaseUrl, externalUrl, port: wanted = 0 }: AccessArgument) {
  const settings = settingsFrom({
    DATA_DIR: dataDir,
    PORT: `${wanted}`,
    EKSTERN_URL: externalUrl,
    RATE: '999999/999999',
  });
  const service = await createService(accessControl, {
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

export type AccessCalls = Awaited<ReturnType<typeof start>>;
void start(givenArgument());
