import { Module } from '@nestjs/common';
import { DeviationController } from './deviation.controller';
import { Deviations } from './deviations';

/** What is written in spite of the rules, and what they advise against. */
@Module({ controllers: [DeviationController], providers: [Deviations] })
export class DeviationModule {}
