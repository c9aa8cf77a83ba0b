import { Module } from '@nestjs/common';

/** Plans of moves, renames, closings and openings. */
@Module({})
export class ReorganisationModule {}
