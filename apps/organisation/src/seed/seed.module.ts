import { Module } from '@nestjs/common';
import { Seeder } from './seeder';

/** What every installation has: the municipalities, and the demo municipality. */
@Module({ providers: [Seeder] })
export class SeedModule {}
