import { createSecretKey } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type UnitTrees, withUnits } from '@stoettesystemer/access';
import {
  AuditChainer,
  checkRowSecurity,
  migrate,
  type Migration,
  publicJwk,
  rootKey,
  type Rule,
} from '@stoettesystemer/engine';
import { asyncApi, Listener, OutboxAge, Retention, Sequencer } from '@stoettesystemer/feed';
import type { Declaration } from '@stoettesystemer/object';
import { Database } from '@stoettesystemer/postgres';
import type { FastifyInstance } from 'fastify';
import { ProblemFilter } from '../answer/problem.filter';
import { aboutController } from '../controllers/about.controller';
import { auditController } from '../controllers/audit.controller';
import { controllerFor } from '../controllers/controller-for';
import { docsPage } from '../controllers/docs-page';
import { feedController } from '../controllers/feed.controller';
import { healthController } from '../controllers/health.controller';
import { importController } from '../controllers/import.controller';
import { type Additions, openApi, type OpenApi } from '../openapi/open-api';
import { accessGuard } from '../request/access.guard';
import { FormGuard } from '../request/form.guard';
import { TurnGuard } from '../request/turn.guard';
import { type Door, makeDoor } from './door';
import { fastifyApp } from './fastify-app';
import { nestLog } from '../log';
import type { Metrics } from './metrics';
import { publishing } from './publishing';
import { RouteTable } from './route-table';
import { secretFrom } from './secret-file';
import { serviceModule } from './service-module';
import type { Settings } from '../settings';
import type { Surroundings } from './surroundings';

/** A service is a composition: its types, and what a declaration cannot say. */
export interface ServiceOptions {
  /** The app's name, in English: `classification`. */
  readonly name: string;
  /** First segment of its paths, and its name among the services: `klassifikation`. */
  readonly prefix: string;
  /** As people know it; the prefix with a capital when left out. */
  readonly title?: string;
  readonly types: readonly Declaration[];
  /** Types that tokens can hold rights to and the engine keeps no objects of: what passes through the service. */
  readonly passing?: readonly Declaration[];
  /** Some are as the settings say. */
  readonly rules?: readonly Rule[] | ((settings: Settings) => readonly Rule[]);
  /** Its events are for nobody but the systems whose objects they are of: they are not sent through Beskedfordeler. */
  readonly unpublished?: true;
  /** Tables that only this service has. */
  readonly migrations?: readonly Migration[];
  /** Further Nest modules. They inject Database, ObjectStore, FeedReader, and by SURROUNDINGS what the service is made in. */
  readonly modules?: readonly (Type | DynamicModule)[];
  /** What those modules add to the OpenAPI document. */
  readonly additions?: Additions;
  /** Where it learns what lies under an organisational unit. Without it, a unit stands for itself alone. */
  readonly units?: (database: Database) => UnitTrees;
}

export interface Service {
  readonly prefix: string;
  readonly title: string;
  readonly app: INestApplication;
  readonly document: OpenApi;
  /** Every operation there is, as `GET /klassifikation/v1/klasser/:uuid`. */
  readonly routes: readonly string[];
  /** Answers a request whose path begins with the prefix. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /**
   * The port answers: fetches what tokens are judged by, which may be behind the same port. Settles when that has been
   * tried once; goes on trying by itself.
   */
  opened(): Promise<void>;
  /** From now on it is not ready, its long polls end, and new requests are answered 503. */
  stopIntake(): void;
  /** To be called when what was under way has been answered. */
  close(): Promise<void>;
}

/** Starts everything of a service but the port: the schema, the sequencer, the listener and the Nest application. */
export async function createService(options: ServiceOptions, surroundings: Surroundings): Promise<Service> {
  const { prefix, types, passing = [], rules = [], modules = [], migrations = [], additions } = options;
  const { settings, databaseUrl, log, metrics } = surroundings;
  const title = options.title ?? `${prefix.charAt(0).toUpperCase()}${prefix.slice(1)}`;
  const mayMake = settings.profile === 'udvikling';
  const [secret, pseudonymBytes, logKey] = await Promise.all([
    secretFrom(settings.cursorSecretFile, mayMake),
    secretFrom(settings.pseudonymKeyFile, mayMake),
    rootKey(settings.logKeyFile, mayMake),
    migrate(databaseUrl, migrations),
  ]);
  const pseudonymKey = createSecretKey(pseudonymBytes);
  const closing = new AbortController();
  let units: UnitTrees | null = null;
  const sequencer = new Sequencer({ url: databaseUrl, log });
  const listener = new Listener({ url: databaseUrl, log });
  const roots = { service: prefix, key: logKey, folder: join(settings.dataDir, 'sikkerhedslog') };
  const chainer = new AuditChainer({ url: databaseUrl, log, pseudonymKey, types, roots });
  const door = makeDoor({ service: prefix, types: [...types, ...passing], settings, log });
  const document = openApi({ service: prefix, title }, types, additions);
  const routes = new RouteTable();
  const isClosing = () => closing.signal.aborted;
  const checks = {
    tjeneste: () => !isClosing(),
    database: async () => {
      await app.get(Database).run({ owner: null }, { name: 'ping', text: 'select 1 as one' });
      return true;
    },
    noegler: () => door.ready(),
  };
  const module = serviceModule({
    service: prefix,
    databaseUrl,
    surroundings: {
      ...surroundings,
      closing: closing.signal,
      pseudonymKey,
      stillValid: door.stillValid,
    },
    store: {
      service: prefix,
      types,
      rules: typeof rules === 'function' ? rules(settings) : rules,
      secret,
      pseudonymKey,
      copies: settings.copies,
      committed: () => sequencer.wake(),
    },
    feed: {
      service: prefix,
      types,
      listener,
      stillValid: door.stillValid,
      asOfNow: (caller) => withUnits(caller, units),
    },
    controllers: [
      ...types.map(controllerFor),
      importController(types, log),
      feedController(prefix, types, closing.signal),
      auditController({ service: prefix, secret, pseudonymKey, key: await publicJwk(logKey) }, log),
      healthController(checks),
      aboutController({
        openapi: JSON.stringify(document),
        asyncapi: JSON.stringify(asyncApi(prefix, types)),
        types: JSON.stringify({ tjeneste: prefix, titel: title, typer: types }),
        docs: docsPage({ service: prefix, title }, types, document),
      }),
    ],
    modules,
  });
  const adapter = fastifyApp({ service: prefix, log, metrics, routes, isClosing });
  const app = await NestFactory.create(module, adapter, {
    bodyParser: false,
    logger: nestLog(log),
    abortOnError: false,
  });
  const database = app.get(Database);
  try {
    await checkRowSecurity(database);
  } catch (cause) {
    log.fatal({ err: cause }, 'row-level security is not in force: the service does not start');
    await app.close();
    throw cause;
  }
  const verifier = door.admit(database);
  units = options.units?.(database) ?? null;
  app.setGlobalPrefix(prefix);
  app.useGlobalGuards(
    accessGuard({
      service: prefix,
      verifier,
      limiter: door.limiter,
      revoked: door.revoked,
      database,
      pseudonymKey,
      units,
    }),
    new TurnGuard(door.turns),
    new FormGuard(),
  );
  app.useGlobalFilters(new ProblemFilter(log, routes));
  await app.init();
  const fastify = adapter.getInstance() as FastifyInstance;
  await fastify.ready();
  const publisher = options.unpublished
    ? null
    : publishing(prefix, types, surroundings, { listener, database });
  const retention = new Retention(database, { sequencer, log });
  sequencer.start();
  listener.start();
  retention.start();
  chainer.start();
  follow(metrics, prefix, database, door);
  return {
    prefix,
    title,
    app,
    document,
    routes: routes.list(),
    handle: (request, response) => fastify.routing(request, response),
    opened: async () => {
      await door.open();
      publisher?.start();
    },
    stopIntake: () => closing.abort(),
    close: async () => {
      closing.abort();
      await Promise.all([
        publisher?.stop(),
        retention.stop(),
        sequencer.stop(),
        listener.stop(),
        chainer.stop(),
      ]);
      door.close();
      await app.close();
    },
  };
}

function follow(metrics: Metrics, service: string, database: Database, door: Door): void {
  const { pool } = database;
  const backlog = new OutboxAge(database);
  metrics.follow('db_connections', 'Connections of the pool', service, () => pool.totalCount);
  metrics.follow('db_connections_idle', 'Connections that nobody uses', service, () => pool.idleCount);
  metrics.follow('db_waiting', 'Requests that wait for a connection', service, () => pool.waitingCount);
  metrics.follow('outbox_age_seconds', 'How long the first event has waited for its place', service, () =>
    backlog.read().then(
      ({ age }) => age,
      () => -1,
    ),
  );
  metrics.follow('issuer_keys_age_seconds', 'Age of the issuer keys in use, -1 for none', service, () =>
    door.keyAge(),
  );
  metrics.follow(
    'revocations_age_seconds',
    'Since it was heard what has been taken back, -1 for never or nobody to hear',
    service,
    () => door.revocationsAge(),
  );
}
