import { Module } from '@nestjs/common';
import { Origins } from './run/origins';
import { OrphansController } from './run/orphans.controller';
import { RunController } from './run/run.controller';

/** What a directory says, and what was made of it. */
@Module({ providers: [Origins], controllers: [RunController, OrphansController] })
export class SynchronisationModule {}
