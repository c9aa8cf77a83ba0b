import { Refusal } from '@stoettesystemer/object';
import type { Caller } from './caller';
import type { Profile } from './token/token-verifier';

/** Searches that one it-system may have under way at once for one municipality (O6). */
const MOST = 4;

/** How many of what is heavy one it-system has under way for one municipality; the others wait for nobody. */
export class Turns {
  private readonly underWay = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** Null in profile `udvikling`: nobody is held up at their own desk. */
  static for(profile: Profile): Turns | null {
    return profile === 'produktion' ? new Turns(MOST) : null;
  }

  /**
   * Gives what is to be called when it is over; a second call does nothing.
   * @throws Refusal 429 when there are as many under way as there may be.
   */
  take({ system, owner }: Caller): () => void {
    const key = `${system} ${owner}`;
    const count = this.underWay.get(key) ?? 0;
    if (count >= this.most)
      throw new Refusal(
        429,
        'for_mange',
        `Systemet har allerede ${this.most} søgninger i gang. Vent, til en af dem er færdig.`,
        { headers: { 'Retry-After': '1' } },
      );
    this.underWay.set(key, count + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = (this.underWay.get(key) ?? 1) - 1;
      if (left === 0) this.underWay.delete(key);
      else this.underWay.set(key, left);
    };
  }
}
