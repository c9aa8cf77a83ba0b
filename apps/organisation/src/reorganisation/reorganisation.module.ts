import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module';
import { Consequences } from './consequences';
import { ConsequencesController } from './consequences.controller';
import { ReorganisationController } from './reorganisation.controller';
import { ReorganisationDesk } from './reorganisation-desk';

/** Plans of moves, renames, closings and openings. */
@Module({
  imports: [DirectoryModule],
  controllers: [ConsequencesController, ReorganisationController],
  providers: [Consequences, ReorganisationDesk],
})
export class ReorganisationModule {}
