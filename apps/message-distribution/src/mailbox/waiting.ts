import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Listener } from '@stoettesystemer/feed';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';

/** Hears which dueslag have got something, for all who wait in this process. */
@Injectable()
export class Waiting implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly listener: Listener;

  constructor(@Inject(SURROUNDINGS) { databaseUrl: url, log }: Surroundings) {
    const hears = { channel: 'delivery', reached: 'select position as last from matching' };
    this.listener = new Listener({ url, log, hears });
  }

  onApplicationBootstrap(): void {
    this.listener.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.listener.stop();
  }

  /** Until something has come to one of the dueslag (null: any) beyond a position of all messages, or `ms` have passed. */
  async until(
    mailboxes: readonly string[] | null,
    matched: number,
    ms: number,
    signal: AbortSignal,
  ): Promise<void> {
    await this.listener.wait(mailboxes, matched, ms, signal);
  }

  /** How far, of all messages, has been heard of. */
  get position(): number {
    return this.listener.position;
  }

  /** Whether something has come to the dueslag beyond a position of all messages. */
  hasNews(mailbox: string, position: number): boolean {
    return this.listener.hasNews([mailbox], position);
  }
}
