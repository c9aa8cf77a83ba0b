import { Module } from '@nestjs/common';
import { Anonymisation } from './anonymisation';
import { ProtectionController } from './protection.controller';

/** What the data protection rules demand: persons made anonymous, units removed for good. */
@Module({ controllers: [ProtectionController], providers: [Anonymisation] })
export class ProtectionModule {}
