import { Module } from '@nestjs/common';

/** What every installation has: the municipalities, and the demo municipality. */
@Module({})
export class SeedModule {}
