import type { Logger } from '../log';
import type { Settings } from '../settings';
import type { Metrics } from './metrics';

/** What a service is made in. */
export interface Surroundings {
  readonly settings: Settings;
  /** The login's address of the service's own database. */
  readonly databaseUrl: string;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** By which a module of a service injects its surroundings. */
export const SURROUNDINGS = Symbol('surroundings');
