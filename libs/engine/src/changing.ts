import { type Declaration, invalid, Refusal } from '@stoettesystemer/object';
import { codeOf } from '@stoettesystemer/postgres';
import type { Ask, Written } from './ask';
import { carry } from './carrying';
import type { Wanted } from './change-work';
import type { FactIds } from './fact-ids';
import { GatheredChanges } from './gathered-changes';
import { recallAnswer } from './idempotency';
import { deny, mustHold, NotMine, notMineRefusal } from './permission';
import { operationOf, type Plan, VERBS } from './plan';
import type { Reach } from './reading';
import { Contended, type Foreseen } from './rule-locks';
import type { Rulebook } from './rulebook';
import type { Statistics } from './statistics';

/** What changing an object takes of the store it belongs to. */
export interface ChangingTools {
  readonly reach: Reach;
  readonly ids: FactIds;
  readonly types: readonly Declaration[];
  readonly rulebook: Rulebook;
  readonly statistics: Statistics;
  /** Called after each attempt that may have written to the outbox. */
  readonly committed?: (() => void) | undefined;
}

/** The one way in which one object is changed. */
export class Changing {
  private readonly gathered = new GatheredChanges({
    alone: (wanted) => this.alone(wanted),
    together: (wanted) => this.carried(wanted, null),
  });

  constructor(private readonly tools: ChangingTools) {}

  async change(ask: Ask, type: Declaration, uuid: string, plan: Plan): Promise<Written> {
    await mustHold(this.tools.reach, ask, type, VERBS[plan.action], operationOf(plan));
    const wanted = { ask, type, uuid, plan };
    // To forget is much work, and rare.
    return plan.forgets || plan.leaves ? this.alone(wanted) : this.gathered.add(wanted);
  }

  private async alone(wanted: Wanted, foreseen: Foreseen = new Map()): Promise<Written> {
    try {
      const [written] = await this.carried([wanted], foreseen);
      return written!;
    } catch (cause) {
      if (cause instanceof Contended) return await this.alone(wanted, new Map([...foreseen, ...cause.names]));
      return await this.translate(cause, wanted);
    }
  }

  private async carried(
    wanted: readonly Wanted[],
    alone: Foreseen | null,
  ): Promise<readonly (Written | undefined)[]> {
    const { reach, statistics, committed } = this.tools;
    const { owner } = wanted[0]!.ask.caller;
    try {
      const written = await reach.database.transaction({ owner }, (tx) =>
        carry(this.tools, tx, wanted, alone),
      );
      const grown = written.filter((each) => each && each.outcome !== 'uaendret').length;
      // Nobody waits for it: a few changes more do not make a plan bad.
      if (grown > 0) void statistics.grown(grown);
      return written;
    } finally {
      committed?.();
    }
  }

  /** What the database said, in the contract's words; and the races that are won by looking again. */
  private async translate(cause: unknown, wanted: Wanted): Promise<Written> {
    const { ask, type, uuid, plan } = wanted;
    const constraint = (cause as { constraint?: string }).constraint;
    const isAgain = codeOf(cause) === '23505' && constraint === 'idempotency_pkey';
    // The same request may have been first, and made what now stands in the way of this one.
    if (ask.idempotency && (isAgain || cause instanceof Refusal || cause instanceof NotMine)) {
      const answer = await recallAnswer(this.tools.reach.database, ask);
      if (answer) return { outcome: 'uaendret', uuid, number: 0, body: null, replayed: answer };
    }
    if (cause instanceof NotMine) {
      await deny(this.tools.reach, ask, type, operationOf(plan), [uuid], cause.reason);
      throw await notMineRefusal(this.tools.reach, ask, type, uuid);
    }
    if (cause instanceof Refusal && cause.status === 403)
      await deny(this.tools.reach, ask, type, operationOf(plan), [uuid], cause.kode);
    // Somebody else made it first: now it is there, and the request is judged against it.
    if (codeOf(cause) === '23505' && constraint === 'object_pkey') return this.alone(wanted);
    if (codeOf(cause) === '23P01')
      throw invalid('overlap', '', 'To perioder for samme oplysning overlapper.');
    throw cause;
  }
}
