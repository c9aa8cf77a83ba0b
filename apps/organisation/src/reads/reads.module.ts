import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/directory.module';
import { ChangesController } from './changes.controller';
import { Overviews } from './overviews';
import { PeopleReader } from './people';
import { PostsController } from './posts.controller';
import { ResponsibilityController } from './responsibility.controller';
import { TreeController } from './tree.controller';
import { UnitController } from './unit.controller';
import { UnitSurroundings } from './unit-page';

/** The questions that people ask of an organisation. */
@Module({
  imports: [DirectoryModule],
  controllers: [TreeController, UnitController, PostsController, ResponsibilityController, ChangesController],
  providers: [Overviews, PeopleReader, UnitSurroundings],
})
export class ReadsModule {}
