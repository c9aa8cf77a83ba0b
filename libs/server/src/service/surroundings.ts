import type { KeyObject } from 'node:crypto';
import type { Caller } from '@stoettesystemer/access';
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

/** The same, as the modules of a running service know it. */
export interface RunningSurroundings extends Surroundings {
  /** Aborted when the service stops taking requests in: what waits for news must then answer. */
  readonly closing: AbortSignal;
  /** Whether what was issued to this caller, and was good, still is: not past its time, and not taken back. */
  readonly stillValid: (caller: Caller) => boolean;
  /** For the pseudonyms of citizens in the security log. */
  readonly pseudonymKey: KeyObject;
}

/** By which a module of a service injects its surroundings. */
export const SURROUNDINGS = Symbol('surroundings');
