import { Global, Module } from '@nestjs/common';
import { Matcher } from './matcher';
import { MatchingRounds } from './matching-rounds';
import { Registered } from './registered';
import { Replayer } from './replayer';

/** Which messages are for whom. */
@Global()
@Module({
  providers: [Registered, Matcher, Replayer, MatchingRounds],
  exports: [Registered, MatchingRounds],
})
export class MatchingModule {}
