import { Inject, Injectable } from '@nestjs/common';
import { ObjectStore } from '@stoettesystemer/engine';
import type { Instant } from '@stoettesystemer/object';
import { Database } from '@stoettesystemer/postgres';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { LRUCache } from 'lru-cache';
import { decide } from './decide';
import { Gatherer } from './gather';
import type { Decision, Question } from './question';

interface Remembered {
  readonly decision: Decision;
  /** The feed's last position when it was decided. */
  readonly position: string;
  readonly at: number;
}

const REMEMBERED = 10_000;
/** Milliseconds; the feed tells of changes at once, and this is for when it does not move. */
const LONGEST = 5000;

/** Answers questions about access from what is registered: the one place where tokens and explanations ask. */
@Injectable()
export class Deciding {
  private readonly remembered = new LRUCache<string, Remembered>({ max: REMEMBERED });
  private readonly allowsTest: boolean;

  constructor(
    private readonly store: ObjectStore,
    private readonly database: Database,
    @Inject(SURROUNDINGS) { settings }: Surroundings,
  ) {
    this.allowsTest = settings.profile === 'udvikling';
  }

  /** A yes is remembered until something is registered, or the answer ends by itself; a no is found out each time. */
  async decide(question: Question): Promise<Decision> {
    const { at: _, ...asked } = question;
    const key = JSON.stringify(asked);
    const [position, known] = [await this.position(), this.remembered.get(key)];
    const isFresh =
      known?.position === position &&
      Date.now() - known.at < LONGEST &&
      (known.decision.until === null || question.at < known.decision.until);
    if (isFresh) return known.decision;
    const decision = await this.decideAsOf(question, null);
    if (decision.refused === null) this.remembered.set(key, { decision, position, at: Date.now() });
    return decision;
  }

  /** As it would have been decided with what was registered then; null is now. */
  async decideAsOf(question: Question, known: Instant | null): Promise<Decision> {
    const gatherer = new Gatherer(this.store, this.allowsTest, known);
    return decide(await gatherer.gather(question), question);
  }

  /** All that a decision rests on, for explaining it. */
  knowledge(question: Question, known: Instant | null = null) {
    return new Gatherer(this.store, this.allowsTest, known).gather(question);
  }

  private async position(): Promise<string> {
    const { rows } = await this.database.look(
      { owner: null },
      { name: 'decision-position', text: 'select last_pos::text from feed_state' },
    );
    return rows[0]?.['last_pos'] as string;
  }
}
