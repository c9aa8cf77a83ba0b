import {
  createService,
  Metrics,
  openLog,
  openPort,
  type ServiceOptions,
  settingsFrom,
} from '@stoettesystemer/server';
import { answer } from './child';
import { ownUsage } from './usage';

/** What a limiter would keep from being measured. */
const UNLIMITED = { RATE: '999999/999999' };

/** Serves in this process, as in production but for the rate, and answers the benchmark that started it. */
export async function serveMeasured(
  options: ServiceOptions,
  databaseUrl: string,
  environment: Readonly<Record<string, string>>,
) {
  const settings = settingsFrom({ PORT: '0', ...UNLIMITED, ...environment });
  const log = openLog(settings.logLevel);
  const service = await createService(options, { settings, databaseUrl, log, metrics: new Metrics() });
  const { port } = await openPort([service], settings.port);
  const calls = { port: () => port, usage: ownUsage };
  answer(calls);
  return calls;
}

/** How it is asked. */
export type MeasuredCalls = Awaited<ReturnType<typeof serveMeasured>>;
