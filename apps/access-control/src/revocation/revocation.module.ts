import { Module } from '@nestjs/common';

/** What has been taken back, for every service to hear. */
@Module({})
export class RevocationModule {}
