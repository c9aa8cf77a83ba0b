import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@stoettesystemer/postgres';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { Decisions } from '../authorisation/decisions';
import { Waiting } from '../mailbox/waiting';
import { Registered } from '../matching/registered';
import { Courier } from './courier';
import { Leases } from './leases';
import type { Transport } from './outgoing';

/** Where a transport's module gets its courier. */
@Injectable()
export class Couriers implements OnModuleDestroy {
  private readonly started: Courier[] = [];

  constructor(
    private readonly database: Database,
    private readonly registered: Registered,
    private readonly leases: Leases,
    private readonly decisions: Decisions,
    private readonly waiting: Waiting,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  /** Begins to bring out what is for the transport; ends when the service does. */
  start(transport: Transport): Courier {
    const { database, registered, leases, decisions, waiting } = this;
    const { log } = this.surroundings;
    const courier = new Courier({ database, registered, leases, decisions, waiting, log }, transport);
    courier.start();
    this.started.push(courier);
    return courier;
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.started.map((courier) => courier.stop()));
  }
}
