import { Module } from '@nestjs/common';

/** What a directory says, and what was made of it. */
@Module({})
export class SynchronisationModule {}
