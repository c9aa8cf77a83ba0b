import type { Declaration } from '@stoettesystemer/object';
import { runningService, type RunningService } from '@stoettesystemer/testing';
import { openLog } from '../../log';
import { conformance } from '../../openapi/conformance';
import { createService } from '../../service/create-service';
import { Metrics } from '../../service/metrics';
import { openPort } from '../../service/open-port';
import { settingsFrom } from '../../settings';
import { testIssuer } from '../../spec/test-issuer';

export const PREFIX = 'proeve';

/** A service of made-up types behind a port, every answer of which is held against its document. */
export const besieged = (types: readonly Declaration[]): Promise<RunningService> =>
  runningService({
    prefix: PREFIX,
    types,
    open: async ({ databaseUrl, dataDir }) => {
      const settings = settingsFrom({ DATA_DIR: dataDir, PORT: '0', ...testIssuer(dataDir) });
      const surroundings = { settings, databaseUrl, log: openLog('silent'), metrics: new Metrics() };
      const service = await createService({ name: 'made-up', prefix: PREFIX, types }, surroundings);
      const { port, close } = await openPort([service], 0);
      return { port, close, document: service.document, faults: await conformance(service.document) };
    },
  });
