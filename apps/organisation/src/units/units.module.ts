import { Module } from '@nestjs/common';
import { Database } from '@stoettesystemer/postgres';
import { PlacesController } from './places.controller';
import { RegisteredUnits } from './registered-units';

/** What lies under what, for those who restrict by it. */
@Module({
  controllers: [PlacesController],
  providers: [
    {
      provide: RegisteredUnits,
      inject: [Database],
      useFactory: (database: Database) => RegisteredUnits.in(database),
    },
  ],
})
export class UnitsModule {}
