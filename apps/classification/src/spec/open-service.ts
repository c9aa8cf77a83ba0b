import {
  conformance,
  createService,
  Metrics,
  openLog,
  openPort,
  type ServiceOptions,
  settingsFrom,
} from '@stoettesystemer/server';

/** Opens a service on a free port, as its process would, for a spec. */
export async function openService(
  options: ServiceOptions,
  { databaseUrl, dataDir }: { databaseUrl: string; dataDir: string },
) {
  const settings = settingsFrom({ DATA_DIR: dataDir, PORT: '0' });
  const service = await createService(options, {
    settings,
    databaseUrl,
    log: openLog('silent'),
    metrics: new Metrics(),
  });
  const { port, close } = await openPort([service], 0);
  return { port, close, document: service.document, faults: await conformance(service.document) };
}
