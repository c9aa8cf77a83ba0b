import { Module } from '@nestjs/common';
import { ReadsModule } from '../reads/reads.module';
import { Consequences } from './consequences';
import { ConsequencesController } from './consequences.controller';
import { ReorganisationController } from './reorganisation.controller';
import { ReorganisationDesk } from './reorganisation-desk';

/** Plans of moves, renames, closings and openings. */
@Module({
  imports: [ReadsModule],
  controllers: [ConsequencesController, ReorganisationController],
  providers: [Consequences, ReorganisationDesk],
})
export class ReorganisationModule {}
