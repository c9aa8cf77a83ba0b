import { setTimeout as pause } from 'node:timers/promises';
import type { Distributor } from './distributor';

export interface Asked {
  readonly token: string;
  readonly body?: unknown;
  readonly type?: string;
}
export interface Answered {
  readonly status: number;
  readonly text: string;
}

const PATIENCE = 30_000;

/** The way to whichever distributor answers, as a load balancer has it. */
export class FrontDoor {
  /** How often each status was answered; 0 is that there was no whole answer. */
  readonly statuses = new Map<string, number>();
  private turn = 0;

  constructor(private readonly distributors: readonly Distributor[]) {}

  /** Null: there was no answer, or one to come again; what was asked for may have been done all the same. */
  async ask(method: string, path: string, { token, body, type }: Asked): Promise<Answered | null> {
    const url = this.distributors[this.turn++ % this.distributors.length]!.url;
    const answer =
      url === null
        ? null
        : await this.fetched(method, `${url}/beskedfordeler/v1${path}`, {
            headers: {
              authorization: `Bearer ${token}`,
              ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          });
    this.count(`${method} ${path.replace(/[0-9a-f-]{36}/, ':uuid')} ${answer?.status ?? 0}`);
    if (answer !== null && answer.status !== 503) return answer;
    await pause(50);
    return null;
  }

  /** Asks until it is answered. */
  async insist(method: string, path: string, asked: Asked): Promise<Answered> {
    for (;;) {
      const answer = await this.ask(method, path, asked);
      if (answer) return answer;
    }
  }

  private async fetched(method: string, url: string, sent: RequestInit): Promise<Answered | null> {
    try {
      const answer = await fetch(url, { method, signal: AbortSignal.timeout(PATIENCE), ...sent });
      return { status: answer.status, text: await answer.text() };
    } catch {
      return null;
    }
  }

  private count(what: string): void {
    this.statuses.set(what, (this.statuses.get(what) ?? 0) + 1);
  }
}
