import { DEVELOPMENT_ISSUER, developmentKeysFile } from '@stoettesystemer/access';

/** Settings of a service that believes the test issuer of a folder, and hears of no revocations. */
export const testIssuer = (dataDir: string) => ({
  UDSTEDER: DEVELOPMENT_ISSUER,
  UDSTEDER_NOEGLER: developmentKeysFile(dataDir),
});
