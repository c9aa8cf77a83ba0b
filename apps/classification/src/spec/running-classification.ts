import { runningService, type RunningService } from '@stoettesystemer/testing';
import { classification } from '../classification';
import { openService } from './open-service';

/** Klassifikation as its process runs it, on a database and a port of its own. */
export const runningClassification = (): Promise<RunningService> =>
  runningService({
    prefix: classification.prefix,
    types: classification.types,
    open: (surroundings) => openService(classification, surroundings),
  });
