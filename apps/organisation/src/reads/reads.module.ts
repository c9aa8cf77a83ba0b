import { Module } from '@nestjs/common';

/** The questions that people ask of an organisation. */
@Module({})
export class ReadsModule {}
