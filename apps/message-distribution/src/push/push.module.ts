import {
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Database } from '@stoettesystemer/postgres';
import { type RunningSurroundings, SURROUNDINGS } from '@stoettesystemer/server';
import { Couriers } from '../delivery/couriers';
import { Registered } from '../matching/registered';
import { readExceptions } from '../standard-webhooks/receiver-address';
import { HandshakeRounds } from './handshake-rounds';
import { PushKeys } from './push-keys';
import { PushMetrics } from './push-metrics';
import { PushTransport } from './push-transport';
import { PushController } from './push.controller';
import { ReceiverCalls } from './receiver-calls';
import { Receivers } from './receivers';

@Injectable()
class Push implements OnApplicationBootstrap, OnModuleDestroy {
  private end: (() => Promise<void>) | undefined;

  constructor(
    private readonly couriers: Couriers,
    private readonly database: Database,
    private readonly registered: Registered,
    private readonly keys: PushKeys,
    @Inject(SURROUNDINGS) private readonly surroundings: RunningSurroundings,
  ) {}

  onApplicationBootstrap(): void {
    const { registered, keys } = this;
    const { settings, log, metrics: all } = this.surroundings;
    const metrics = new PushMetrics(all);
    const calls = new ReceiverCalls({ except: readExceptions(settings.receiverExceptions) });
    const receivers = new Receivers(this.database);
    const origin = new URL(settings.externalUrl).hostname;
    const rounds = new HandshakeRounds({ registered, receivers, calls, origin, log });
    const { isAllowed } = receivers;
    const courier = this.couriers.start(new PushTransport({ calls, keys, metrics, isAllowed }));
    metrics.followUnallowed(() => rounds.unallowed);
    rounds.start();
    this.end = async () => {
      await Promise.all([courier.stop(), rounds.stop()]);
      calls.close();
    };
  }

  async onModuleDestroy(): Promise<void> {
    await this.end?.();
  }
}

/** Dueslag whose messages are sent to a URL. */
@Module({
  controllers: [PushController],
  providers: [
    Push,
    {
      provide: PushKeys,
      inject: [SURROUNDINGS],
      useFactory: ({ settings }: RunningSurroundings) =>
        PushKeys.open({ file: settings.pushKeyFile, mayMake: settings.profile === 'udvikling' }),
    },
  ],
})
export class PushModule {}
