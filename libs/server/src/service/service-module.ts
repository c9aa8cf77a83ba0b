import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { FeedReader, type FeedReaderOptions } from '@stoettesystemer/feed';
import { ObjectStore, type StoreOptions } from '@stoettesystemer/engine';
import { Database } from '@stoettesystemer/postgres';
import { databaseProvider, dataSourceModule } from './data-source';
import { type RunningSurroundings, SURROUNDINGS } from './surroundings';

export interface ServiceModuleParts {
  readonly service: string;
  readonly databaseUrl: string;
  readonly surroundings: RunningSurroundings;
  readonly store: StoreOptions;
  readonly feed: FeedReaderOptions;
  readonly controllers: readonly Type[];
  readonly modules: readonly (Type | DynamicModule)[];
}

/** What every module of a service can inject: the database, the object store, the feed, the surroundings. */
class Core {}
/** A service. Nest wants a class for each; the module is what `serviceModule` says of it. */
class Service {}

export function serviceModule(parts: ServiceModuleParts): DynamicModule {
  const { service, databaseUrl, surroundings, store, feed, controllers, modules } = parts;
  const providers: Provider[] = [
    databaseProvider(service),
    { provide: SURROUNDINGS, useValue: surroundings },
    {
      provide: ObjectStore,
      inject: [Database],
      useFactory: (database: Database) => new ObjectStore(database, store),
    },
    {
      provide: FeedReader,
      inject: [Database],
      useFactory: (database: Database) => new FeedReader(database, feed),
    },
  ];
  const core: DynamicModule = {
    module: Core,
    global: true,
    imports: [dataSourceModule(service, databaseUrl)],
    providers,
    exports: [Database, ObjectStore, FeedReader, SURROUNDINGS],
  };
  return { module: Service, imports: [core, ...modules], controllers: [...controllers] };
}
