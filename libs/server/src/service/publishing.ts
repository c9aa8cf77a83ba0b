import { type Listener, publicationAge, Pump } from '@stoettesystemer/feed';
import type { Declaration } from '@stoettesystemer/object';
import type { Database } from '@stoettesystemer/postgres';
import { EventSender } from './event-sender';
import { ownCalls } from './own-calls';
import type { Surroundings } from './surroundings';

const SECOND = 1000;
/** A batch that waits for others to be written. */
const WAIT = 15 * SECOND;

export interface Publishing {
  start(): void;
  stop(): Promise<void>;
}

/** Sends a service's events through Beskedfordeler, when the settings say where it is and who we are. */
export function publishing(
  service: string,
  types: readonly Declaration[],
  { settings, databaseUrl: url, log, metrics }: Surroundings,
  { listener, database }: { readonly listener: Listener; readonly database: Database },
): Publishing {
  const { distributor, externalUrl } = settings;
  const none = { start: () => undefined, stop: () => Promise.resolve() };
  if (!distributor) return none;
  const place = { service: 'beskedfordeler', outside: `${externalUrl}/beskedfordeler`, inside: distributor };
  const calls = ownCalls(settings, { demo: 'demo-registre', places: [place], wait: WAIT });
  if (calls === null) {
    log.warn(
      { service },
      'EGET_SYSTEM is not set, or nobody says where Adgangsstyring is: no events are sent',
    );
    return none;
  }
  const publisher = new EventSender(calls);
  const pump = new Pump({ url, log, listener, service, types, publisher });
  metrics.follow(
    'publication_age_seconds',
    'How long the first event that is not with Beskedfordeler has waited for it, -1 for unknown',
    service,
    () => publicationAge(database, publisher.destination).catch(() => -1),
  );
  metrics.follow(
    'publication_refused_events',
    'Events that Beskedfordeler has refused for good',
    service,
    () => pump.refused,
  );
  return { start: () => pump.start(), stop: () => pump.stop() };
}
