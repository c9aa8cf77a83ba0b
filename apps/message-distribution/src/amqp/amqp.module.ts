import {
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Database } from '@stoettesystemer/postgres';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { Couriers } from '../delivery/couriers';
import { Registered } from '../matching/registered';
import { AmqpTransport } from './amqp-transport';
import { Broker } from './broker';
import { QueueRounds } from './queue-rounds';
import { Queues } from './queues';

/** Begins when a broker is named. Without one, what is for a queue waits. */
@Injectable()
class Amqp implements OnApplicationBootstrap, OnModuleDestroy {
  private end: (() => Promise<void>) | undefined;

  constructor(
    private readonly couriers: Couriers,
    private readonly database: Database,
    private readonly registered: Registered,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  onApplicationBootstrap(): void {
    const { settings, log } = this.surroundings;
    if (settings.broker === null) return;
    const broker = new Broker(settings.broker, log, () => {
      queues.connected();
      rounds.wake();
    });
    const queues = new Queues(this.database, broker);
    const rounds = new QueueRounds(queues, this.registered, log);
    const courier = this.couriers.start(new AmqpTransport(broker, queues));
    rounds.start();
    this.end = async () => {
      await Promise.all([courier.stop(), rounds.stop()]);
      await broker.close();
    };
  }

  async onModuleDestroy(): Promise<void> {
    await this.end?.();
  }
}

/** Dueslag that are queues at a RabbitMQ. */
@Module({ providers: [Amqp] })
export class AmqpModule {}
