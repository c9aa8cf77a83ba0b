import { accessControl } from '@stoettesystemer/access-control';
import { classification } from '@stoettesystemer/classification';
import { messageDistribution } from '@stoettesystemer/message-distribution';
import { organisation } from '@stoettesystemer/organisation';
import { openServer, serviceDatabase } from '@stoettesystemer/postgres';
import {
  createService,
  Metrics,
  onSignal,
  openLog,
  openPort,
  serveMetrics,
  type Service,
  settingsFrom,
} from '@stoettesystemer/server';
import { welcome } from './welcome';

const services = [accessControl, organisation, classification, messageDistribution];

/** Every service in one process, on one port, told apart by the first segment of the path. */
async function start(): Promise<void> {
  const said = settingsFrom();
  const settings = {
    ...said,
    distributor: said.distributor ?? `http://127.0.0.1:${said.port}/${messageDistribution.prefix}`,
  };
  const log = openLog(settings.logLevel);
  const metrics = new Metrics();
  const server = await openServer({
    DATABASE_URL: settings.databaseUrl ?? undefined,
    DATA_DIR: settings.dataDir,
  });
  const running: Service[] = [];
  for (const options of services) {
    const databaseUrl = await serviceDatabase(server, options.prefix);
    running.push(await createService(options, { settings, databaseUrl, log, metrics }));
  }
  const port = await openPort(running, settings.port);
  const metricsServer =
    settings.metricsPort === null ? null : await serveMetrics(metrics, settings.metricsPort);
  onSignal(
    async () => {
      metricsServer?.close();
      await port.close();
      await server.stop();
    },
    (cause) => log.error({ err: cause }, 'stopped in disorder'),
  );
  console.log(welcome(port.port, settings.profile));
}

start().catch((cause: unknown) => {
  console.error(cause instanceof Error ? cause.message : cause);
  process.exit(1);
});
