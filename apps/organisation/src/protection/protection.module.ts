import { Module } from '@nestjs/common';

/** What the data protection rules demand: persons made anonymous, units removed for good. */
@Module({})
export class ProtectionModule {}
