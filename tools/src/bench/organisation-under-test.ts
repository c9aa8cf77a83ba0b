import { DEVELOPMENT_ISSUER, developmentKeysFile } from '@stoettesystemer/access';
import { organisation } from '@stoettesystemer/organisation';
import { givenArgument } from './child';
import { serveMeasured } from './measured-service';

export interface OrganisationArgument {
  readonly dataDir: string;
  readonly databaseUrl: string;
}

/** Organisation without the demo: its municipality is the one that is measured on. */
function start({ dataDir, databaseUrl }: OrganisationArgument) {
  const modules = (organisation.modules ?? []).filter(
    (each) => !('name' in each && each.name === 'SeedModule'),
  );
  return serveMeasured({ ...organisation, modules }, databaseUrl, {
    DATA_DIR: dataDir,
    UDSTEDER: DEVELOPMENT_ISSUER,
    UDSTEDER_NOEGLER: developmentKeysFile(dataDir),
  });
}

void start(givenArgument());
