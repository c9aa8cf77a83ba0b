import { DEVELOPMENT_ISSUER, developmentKeysFile } from '@stoettesystemer/access';
import { organisation } from '@stoettesystemer/organisation';
import { createService, Metrics, openLog, openPort, settingsFrom } from '@stoettesystemer/server';
import { answer, givenArgument } from './child';
import { ownUsage } from './usage';

export interface OrganisationArgument {
  readonly dataDir: string;
  readonly databaseUrl: string;
}

/** Organisation without the demo: its municipality is the one that is measured on. */
async function start({ dataDir, databaseUrl }: OrganisationArgument) {
  const settings = settingsFrom({
    DATA_DIR: dataDir,
    PORT: '0',
    UDSTEDER: DEVELOPMENT_ISSUER,
    UDSTEDER_NOEGLER: developmentKeysFile(dataDir),
    RATE: '999999/999999',
  });
  const modules = (organisation.modules ?? []).filter(
    (each) => !('name' in each && each.name === 'SeedModule'),
  );
  const service = await createService(
    { ...organisation, modules },
    { settings, databaseUrl, log: openLog(settings.logLevel), metrics: new Metrics() },
  );
  const { port } = await openPort([service], settings.port);
  const calls = { port: () => port, usage: ownUsage };
  answer(calls);
  return calls;
}

export type OrganisationCalls = Awaited<ReturnType<typeof start>>;
void start(givenArgument());
