import { Global, Module } from '@nestjs/common';
import { Deciding } from './deciding';

/** Decides on access, for every other module here. */
@Global()
@Module({ providers: [Deciding], exports: [Deciding] })
export class DecisionModule {}
