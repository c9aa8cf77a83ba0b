import { Module } from '@nestjs/common';
import { Seeder } from './seeder';

/** What is there before anybody has registered anything. */
@Module({ providers: [Seeder] })
export class SeedModule {}
