import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Place, Revocations } from './revocations';

/** Milliseconds between two looks, however many wait. */
const LOOK_EVERY = 250;
/** Each holds a connection open, and anybody may come. */
const MOST = 1000;

/** Waits, for everybody at once, until there is more to tell. */
@Injectable()
export class RevocationWatch {
  /** Where each of those who wait stands. */
  private readonly waiting = new Map<() => void, Place>();
  private looking = false;

  constructor(private readonly revocations: Revocations) {}

  /** Settles when there is something beyond `place`, when `ms` have passed, or when the signal aborts. */
  wait(place: Place, ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || ms <= 0 || this.waiting.size >= MOST) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal.addEventListener('abort', wake, { once: true });
      this.waiting.set(wake, place);
      if (!this.looking) void this.look();
    });
  }

  private async look(): Promise<void> {
    this.looking = true;
    while (this.waiting.size > 0) {
      await pause(LOOK_EVERY, undefined, { ref: false });
      // Where the database cannot be asked, those who wait ask for themselves, and say so.
      const now = await this.revocations.place().catch(() => null);
      for (const [wake, { epoch, position }] of [...this.waiting])
        if (now?.epoch !== epoch || now.position !== position) wake();
    }
    this.looking = false;
  }
}
