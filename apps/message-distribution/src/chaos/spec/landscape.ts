import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rabbitMq, type RabbitMq } from '@stoettesystemer/testing';
import { Authority } from './authority';
import { Distributor } from './distributor';
import { FailingWebhooks } from './failing-webhooks';
import { FrontDoor } from './front-door';
import { OwnPostgres } from './own-postgres';
import { QueueConsumers } from './queue-consumers';
import { agreementOf } from './receivers';

const folder = (): string => mkdtempSync(join(tmpdir(), 'stoettesystemer-kaos-'));

/** Everything that takes part: two distributors, what they stand on, and what they deliver to. */
export interface Landscape {
  readonly authority: Authority;
  readonly postgres: OwnPostgres;
  readonly broker: RabbitMq;
  readonly webhooks: FailingWebhooks;
  readonly queues: QueueConsumers;
  readonly distributors: readonly [Distributor, Distributor];
  readonly door: FrontDoor;
  close(): Promise<void>;
}

/** Ends what was begun, the last first, whatever goes wrong on the way. */
class Endings {
  private readonly all: (() => unknown)[] = [];

  add(end: () => unknown): void {
    this.all.unshift(end);
  }

  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const end of this.all.splice(0))
      await Promise.resolve()
        .then(end)
        .catch((cause) => failures.push(cause));
    if (failures.length > 0) throw failures[0];
  }
}

export async function openLandscape(): Promise<Landscape> {
  const endings = new Endings();
  try {
    const dataDir = folder();
    endings.add(() => rmSync(dataDir, { recursive: true, force: true }));
    const authority = await Authority.open(dataDir, agreementOf);
    endings.add(() => authority.close());
    const webhooks = await FailingWebhooks.open();
    endings.add(() => webhooks.close());
    const broker = await rabbitMq();
    endings.add(() => broker.end());
    const starting = broker.start();
    starting.catch(() => undefined);
    const postgres = await OwnPostgres.open(folder());
    endings.add(() => postgres.close());
    await starting;
    const queues = new QueueConsumers(broker.url);
    endings.add(() => queues.close());
    const environment = {
      ...authority.environment,
      DATABASE_URL: postgres.url,
      DATA_DIR: dataDir,
      BROKER: broker.url,
      EKSTERN_URL: 'http://localhost',
    };
    const distributors = [new Distributor(environment), new Distributor(environment)] as const;
    for (const each of distributors) endings.add(() => each.stop());
    await Promise.all(distributors.map((each) => each.start()));
    const door = new FrontDoor(distributors);
    const close = () => endings.run();
    return { authority, postgres, broker, webhooks, queues, distributors, door, close };
  } catch (cause) {
    await endings.run().catch(() => undefined);
    throw cause;
  }
}
