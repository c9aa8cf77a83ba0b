import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Sequencer } from '@stoettesystemer/feed';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { MESSAGES } from './lane';

/** Gives messages their places, in whichever process comes first. */
@Injectable()
export class MessageSequencer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly sequencer: Sequencer;

  constructor(@Inject(SURROUNDINGS) { databaseUrl: url, log }: Surroundings) {
    this.sequencer = new Sequencer({ url, log, lane: MESSAGES });
  }

  onApplicationBootstrap(): void {
    this.sequencer.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.sequencer.stop();
  }

  wake(): void {
    this.sequencer.wake();
  }
}
