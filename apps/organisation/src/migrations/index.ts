import type { Migration } from '@stoettesystemer/engine';
import { Synchronisation1200000000001 } from './0001-synchronisation';

/** Tables beside the objects: what is no registration. */
export const organisationMigrations: readonly Migration[] = [Synchronisation1200000000001];
