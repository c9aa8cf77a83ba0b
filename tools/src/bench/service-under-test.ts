import { DEVELOPMENT_ISSUER, developmentKeysFile } from '@stoettesystemer/access';
import { Ting } from '@stoettesystemer/testing';
import { givenArgument } from './child';
import { SERVICE } from './made-up-thing';
import { serveMeasured } from './measured-service';

export interface ServiceArgument {
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** MB of ready answers, as in MELLEMLAGER; left out, what a service has of itself. */
  readonly copies?: number;
}

/** A service of the made-up type as it is in production: tokens, limiter, one log line a request, sequencer, listener. */
function start({ dataDir, databaseUrl, copies }: ServiceArgument) {
  return serveMeasured({ name: 'bench', prefix: SERVICE, types: [Ting] }, databaseUrl, {
    DATA_DIR: dataDir,
    UDSTEDER: DEVELOPMENT_ISSUER,
    UDSTEDER_NOEGLER: developmentKeysFile(dataDir),
    MELLEMLAGER: copies === undefined ? '' : `${copies}`,
  });
}

void start(givenArgument());
