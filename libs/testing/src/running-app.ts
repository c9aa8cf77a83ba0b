import { DEVELOPMENT_ISSUER, developmentKeysFile } from '@stoettesystemer/access';
import {
  conformance,
  createService,
  Metrics,
  openLog,
  openPort,
  type ServiceOptions,
  settingsFrom,
} from '@stoettesystemer/server';
import { runningService, type RunningService } from './running-service';

/**
 * An app as its process runs it, on a database and a port of its own. It believes the test issuer, unless `environment`
 * says otherwise.
 */
export const runningApp = (
  options: ServiceOptions,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningService> =>
  runningService({
    prefix: options.prefix,
    types: options.types,
    ...(options.passing ? { passing: options.passing } : {}),
    open: async ({ databaseUrl, dataDir }) => {
      const settings = settingsFrom({
        DATA_DIR: dataDir,
        PORT: '0',
        UDSTEDER: DEVELOPMENT_ISSUER,
        UDSTEDER_NOEGLER: developmentKeysFile(dataDir),
        ...environment,
      });
      const log = openLog('silent');
      const service = await createService(options, { settings, databaseUrl, log, metrics: new Metrics() });
      const { port, close } = await openPort([service], 0);
      return { port, close, document: service.document, faults: await conformance(service.document) };
    },
  });
