import { createSecretKey } from 'node:crypto';
import { Module } from '@nestjs/common';
import { secretFrom, SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { RevocationDocument } from './revocation-document';
import { RevocationWatch } from './revocation-watch';
import { PSEUDONYM_KEY, RevocationController } from './revocation.controller';
import { Revocations } from './revocations';

/** What has been taken back, for every service to hear. */
@Module({
  controllers: [RevocationController],
  providers: [
    Revocations,
    RevocationWatch,
    RevocationDocument,
    {
      provide: PSEUDONYM_KEY,
      inject: [SURROUNDINGS],
      useFactory: async ({ settings }: Surroundings) =>
        createSecretKey(await secretFrom(settings.pseudonymKeyFile, settings.profile === 'udvikling')),
    },
  ],
})
export class RevocationModule {}
