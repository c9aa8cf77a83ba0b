import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { Database, poolFor, ROLES } from '@stoettesystemer/postgres';
import type { DynamicModule, FactoryProvider } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';

/** The service's one pool, owned by its data source; every session runs as stoette_app, under row-level security. */
export function dataSourceModule(service: string, url: string): DynamicModule {
  return TypeOrmModule.forRootAsync({
    name: service,
    useFactory: () => ({
      type: 'postgres',
      name: service,
      // The pool that is thrown away here never connects: it says how ours are set up, in one place for all.
      extra: poolFor(url, { role: ROLES.app }).options,
      migrationsRun: false,
      synchronize: false,
      retryAttempts: 3,
      retryDelay: 1000,
    }),
    dataSourceFactory: (options) => new DataSource(options!).initialize(),
  });
}

const poolOf = (source: DataSource): Pool => (source.driver as PostgresDriver).master as Pool;

/** The way to the database for prepared SQL, on the data source's own pool. */
export const databaseProvider = (service: string): FactoryProvider<Database> => ({
  provide: Database,
  inject: [getDataSourceToken(service)],
  useFactory: (source: DataSource) => new Database(poolOf(source)),
});
