import { Module } from '@nestjs/common';
import { Disclosure } from '../reads/disclosure';
import { Directories } from './directories';

/** The one place in which directories are kept, and the log of what is shown from them. */
@Module({ providers: [Directories, Disclosure], exports: [Directories, Disclosure] })
export class DirectoryModule {}
