import { runningApp } from '@stoettesystemer/testing';
import { organisation } from '../../organisation';
import { synchronisationAdditions } from '../open-api';
import { SynchronisationModule } from '../synchronisation.module';

/** Organisation with its types, rules and tables, and of what it can do beside them only this. */
export const runningSynchronisation = () =>
  runningApp({ ...organisation, modules: [SynchronisationModule], additions: synchronisationAdditions });
