import { accessControl } from '@stoettesystemer/access-control';
import { givenArgument } from './child';
import { serveMeasured } from './measured-service';

export interface AccessArgument {
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** What it says that its address is. */
  readonly externalUrl: string;
  /** Its own, where others ask it: then it believes the tokens that it gives them. */
  readonly port?: number;
}

/** Adgangsstyring with the demo in it. */
function start({ dataDir, databaseUrl, externalUrl, port: wanted = 0 }: AccessArgument) {
  return serveMeasured(accessControl, databaseUrl, {
    DATA_DIR: dataDir,
    PORT: `${wanted}`,
    EKSTERN_URL: externalUrl,
  });
}

void start(givenArgument());
