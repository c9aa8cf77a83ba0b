import { Module } from '@nestjs/common';
import { RevocationDocument } from './revocation-document';
import { RevocationWatch } from './revocation-watch';
import { RevocationController } from './revocation.controller';
import { Revocations } from './revocations';

/** What has been taken back, for every service to hear. */
@Module({
  controllers: [RevocationController],
  providers: [Revocations, RevocationWatch, RevocationDocument],
})
export class RevocationModule {}
