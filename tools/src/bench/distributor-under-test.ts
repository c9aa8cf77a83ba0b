import { messageDistribution } from '@stoettesystemer/message-distribution';
import { givenArgument } from './child';
import { serveMeasured } from './measured-service';

export interface DistributorArgument {
  /** Adgangsstyring's too, which has made the key here that Beskedfordeler asks it with. */
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** What Adgangsstyring says that its address is, and where it is reached. */
  readonly externalUrl: string;
  readonly accessPort: number;
}

/** Beskedfordeler beside an Adgangsstyring, which it asks what receivers may have. */
function start({ dataDir, databaseUrl, externalUrl, accessPort }: DistributorArgument) {
  return serveMeasured(messageDistribution, databaseUrl, {
    DATA_DIR: dataDir,
    EKSTERN_URL: externalUrl,
    ADGANGSSTYRING: `http://127.0.0.1:${accessPort}/adgangsstyring`,
  });
}

void start(givenArgument());
