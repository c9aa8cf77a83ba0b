import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { pause } from '@stoettesystemer/feed';
import { codeOf } from '@stoettesystemer/postgres';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { Alarms, type Backlog } from './alarms';
import { MessageRetention } from './message-retention';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Milliseconds that the operator's figures are used: they count rows. */
const FRESH = 10_000;

/** What is to be done now and then: taking away what is old, and looking for what is late. */
@Injectable()
export class Upkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private removedAt = -Infinity;
  private known: { readonly at: number; readonly backlog: Promise<Backlog> } | null = null;

  constructor(
    private readonly retention: MessageRetention,
    private readonly alarms: Alarms,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  onApplicationBootstrap(): void {
    this.follow();
    this.running ??= this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { log } = this.surroundings;
    while (!signal.aborted) {
      try {
        for (const { owner, uuid } of await this.alarms.look())
          log.warn(
            { owner, dueslag: uuid },
            'alarm: messages have waited for longer than the dueslag allows',
          );
        if (performance.now() - this.removedAt > HOUR) await this.remove(signal);
      } catch (cause) {
        log.warn({ code: codeOf(cause) || (cause as Error).name }, 'upkeep: not finished this time');
      }
      await pause(MINUTE, signal);
    }
  }

  private async remove(signal: AbortSignal): Promise<void> {
    const { settings, log } = this.surroundings;
    const removed = await this.retention.removeOlder(
      new Date(Date.now() - settings.messageDays * DAY),
      signal,
    );
    if (removed.undelivered > 0)
      log.warn(removed, 'messages have grown too old, some before anybody got them');
    else if (removed.messages > 0) log.info(removed, 'messages have grown too old');
    await this.retention.removeDeleted(signal);
    this.removedAt = performance.now();
  }

  /** In numbers, without the name of anybody. */
  private follow(): void {
    const { metrics } = this.surroundings;
    const read = async (which: keyof Backlog): Promise<number> => {
      if (!this.known || Date.now() - this.known.at > FRESH)
        this.known = { at: Date.now(), backlog: this.alarms.backlog() };
      return this.known.backlog.then(
        (backlog) => backlog[which],
        () => -1,
      );
    };
    const follow = (name: string, help: string, which: keyof Backlog) =>
      metrics.follow(name, help, 'beskedfordeler', () => read(which));
    follow('mailbox_alarms', 'Dueslag that hold something older than they allow', 'alarms');
    follow('delivery_oldest_seconds', 'Age of the oldest delivery that waits', 'oldest');
    follow('delivery_waiting', 'Deliveries that wait', 'waiting');
    follow('delivery_dead', 'Deliveries that have been given up', 'dead');
    follow('matching_lag', 'Messages that have not been matched yet', 'lag');
  }
}
