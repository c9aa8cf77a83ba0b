import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { Deadlines } from '../radar/deadlines';
import { MailLog } from './mail-log';
import { Notices } from './notices';
import { Postman } from './postman';

/** Milliseconds between two rounds, and between two looks for what ends soon. */
const REST = 1_000;
const LOOK_AHEAD = 60 * 60 * 1000;

/** Goes round in the background: what has happened is written about, what waits is reminded of, what is due is sent. */
@Injectable()
export class MailRounds implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private lookedAhead = -Infinity;

  constructor(
    private readonly notices: Notices,
    private readonly deadlines: Deadlines,
    private readonly mails: MailLog,
    private readonly postman: Postman,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  onApplicationBootstrap(): void {
    const { settings, log } = this.surroundings;
    if (settings.smtp === null && settings.profile === 'produktion')
      log.warn('SMTP is not set: notices are kept until it is');
    this.running ??= this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.postman.close();
  }

  async round(): Promise<void> {
    await this.notices.follow();
    if (performance.now() - this.lookedAhead >= LOOK_AHEAD) {
      await this.deadlines.tell();
      this.lookedAhead = performance.now();
    }
    for (const owner of await this.mails.owners(true)) {
      await this.notices.remind(owner);
      await this.postman.send(owner);
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.round();
      } catch (cause) {
        this.surroundings.log.warn({ err: cause }, 'mail: this round was not finished');
      }
      await pause(REST, undefined, { signal }).catch(() => undefined);
    }
  }
}
