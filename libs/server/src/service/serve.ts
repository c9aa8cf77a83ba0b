import { openServer, serviceDatabase } from '@stoettesystemer/postgres';
import { createService, type ServiceOptions } from './create-service';
import { openLog } from '../log';
import { Metrics, serveMetrics } from './metrics';
import { openPort } from './open-port';
import { limits, settingsFrom } from '../settings';

/**
 * One service in a process of its own: its database, its port (PORT). Ends, in order, on SIGTERM or SIGINT.
 * What the surroundings decide is in `settings.ts`.
 */
export async function serve(options: ServiceOptions): Promise<void> {
  const settings = settingsFrom();
  const log = openLog(settings.logLevel);
  const metrics = new Metrics();
  const server = await openServer({
    DATABASE_URL: settings.databaseUrl ?? undefined,
    DATA_DIR: settings.dataDir,
  });
  const databaseUrl = await serviceDatabase(server, options.prefix);
  const service = await createService(options, { settings, databaseUrl, log, metrics });
  const port = await openPort([service], settings.port);
  const metricsServer =
    settings.metricsPort === null ? null : await serveMetrics(metrics, settings.metricsPort);
  log.info({ service: options.name, port: port.port }, 'ready');
  const stop = async (): Promise<void> => {
    log.info({ service: options.name }, 'stopping');
    metricsServer?.close();
    await port.close();
    await server.stop();
  };
  onSignal(stop, (cause) => log.error({ err: cause }, 'stopped in disorder'));
}

/** Runs `stop` once, at the first signal, and ends the process, in time. A second signal ends it at once. */
export function onSignal(stop: () => Promise<void>, failed: (cause: unknown) => void): void {
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      setTimeout(() => process.exit(1), limits.shutdown.last).unref();
      stop().then(
        () => process.exit(0),
        (cause: unknown) => {
          failed(cause);
          process.exit(1);
        },
      );
    });
}
