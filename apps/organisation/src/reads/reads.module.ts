import { Module } from '@nestjs/common';
import { Directories } from '../directory/directories';
import { Disclosure } from './disclosure';
import { Overviews } from './overviews';
import { TreeController } from './tree.controller';

/** The questions that people ask of an organisation. */
@Module({
  controllers: [TreeController],
  providers: [Directories, Disclosure, Overviews],
  exports: [Directories, Disclosure],
})
export class ReadsModule {}
