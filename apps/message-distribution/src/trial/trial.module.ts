import { Module } from '@nestjs/common';
import { MessageModule } from '../message/message.module';
import { Trial } from './trial';
import { TrialController } from './trial.controller';

/** Trying filters. */
@Module({ imports: [MessageModule], controllers: [TrialController], providers: [Trial] })
export class TrialModule {}
