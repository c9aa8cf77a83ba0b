import { Global, Module } from '@nestjs/common';
import { Deciding } from './deciding';
import { ExplanationController } from './explanation.controller';
import { StandingController } from './standing.controller';

/** Decides on access, for every other module here, and explains what was decided. */
@Global()
@Module({
  providers: [Deciding],
  controllers: [ExplanationController, StandingController],
  exports: [Deciding],
})
export class DecisionModule {}
