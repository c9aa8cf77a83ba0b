import { Module } from '@nestjs/common';

/** What is written in spite of the rules, and what they advise against. */
@Module({})
export class DeviationModule {}
