import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Bell, Listener, pause } from '@stoettesystemer/feed';
import { codeOf } from '@stoettesystemer/postgres';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { PLACED } from '../message/lane';
import { BATCH, Matcher } from './matcher';
import { Replayer } from './replayer';

/** Milliseconds. */
const WAITS = {
  /** Between two looks when no notice comes: for what other processes asked to have replayed. */
  idle: 1_000,
  /** Another process is at it; it looks again in case that one has stopped. */
  standby: 500,
  failure: { first: 100, last: 5_000 },
};

/** Matches whatever has come, and replays what was asked for, all the time. One process works; the others stand by. */
@Injectable()
export class MatchingRounds implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private readonly bell = new Bell();
  private readonly listener: Listener;
  private running: Promise<void> | undefined;

  constructor(
    private readonly matcher: Matcher,
    private readonly replayer: Replayer,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {
    const { databaseUrl: url, log } = surroundings;
    this.listener = new Listener({ url, log, hears: PLACED });
  }

  onApplicationBootstrap(): void {
    this.listener.start();
    this.running ??= this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.running, this.listener.stop()]);
  }

  /** Somebody in this process has asked for a replay. */
  wake(): void {
    this.bell.ring();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    void this.hear(signal);
    for (let failures = 0; !signal.aborted;) {
      try {
        const count = await this.matcher.step();
        const isReplaying = await this.replayer.step();
        failures = 0;
        if (count === BATCH || isReplaying) continue;
        await this.bell.wait(count === null ? WAITS.standby : WAITS.idle, signal);
      } catch (cause) {
        // An error's text may repeat values; its code says enough.
        this.surroundings.log.warn(
          { code: codeOf(cause) || (cause as Error).name },
          'matching: to be tried again',
        );
        await pause(Math.min(WAITS.failure.first * 2 ** failures++, WAITS.failure.last), signal);
      }
    }
  }

  /** Rings when messages have got their places. */
  private async hear(signal: AbortSignal): Promise<void> {
    for (let position = 0; !signal.aborted;) {
      if (await this.listener.wait(null, position, 60_000, signal)) this.bell.ring();
      position = Math.max(position, this.listener.position);
      // While no notices can be had the answer is always yes.
      await pause(1, signal);
    }
  }
}
