import { Refusal } from '@stoettesystemer/object';
import type { Result, Statement, Transaction } from '@stoettesystemer/postgres';

export type Hold = 'shared' | 'alone';

/** What was asked for and not had; the transaction begins anew and takes these first. */
export type Foreseen = ReadonlyMap<string, Hold>;

/** A lock was another's, so what the rules found counts for nothing. Nothing was waited for. */
export class Contended extends Error {
  constructor(readonly names: Foreseen) {
    super('a lock that a rule asked for was held by another transaction');
  }
}

/**
 * The locks that rules take on names (of a tree, of a value), until the transaction ends. Rules ask for them in the order
 * of a file's lines, and for a tree together with others before alone: waited for one by one, two imports would wait for
 * each other. So they are only tried. Whoever misses one goes on without it to learn what else it needs, lets everything
 * go, and begins anew by waiting for all of it in one order, each in its strongest form; and those who try wait for
 * nobody. That makes a ring impossible.
 */
export class RuleLocks {
  private readonly held = new Map<string, Hold>();
  private readonly missed = new Map<string, Hold>();

  constructor(private readonly tx: Transaction) {}

  /**
   * Waits for all of `names`, `patience` milliseconds for each where that is more than a session has.
   * @throws the database's error when another has held one for longer.
   */
  async foresee(names: Foreseen, patience?: number): Promise<void> {
    if (names.size === 0) return;
    const entries = [...names];
    await this.tx.batch([
      ...(patience === undefined
        ? []
        : [
            {
              name: 'rule-patience',
              text: `select set_config('lock_timeout', $1, true)`,
              values: [`${patience}`],
            },
          ]),
      {
        name: 'rule-foreseen',
        text: `select case when alone then pg_advisory_xact_lock(key) else pg_advisory_xact_lock_shared(key) end
          from (select hashtextextended(name, 0) as key, bool_or(alone) as alone
            from unnest($1::text[], $2::boolean[]) as w (name, alone) group by 1 order by 1 offset 0) wanted`,
        values: [entries.map(([name]) => name), entries.map(([, how]) => how === 'alone')],
      },
    ]);
    for (const [name, how] of entries) this.held.set(name, how);
  }

  /** Runs rules. What one says without its lock counts for nothing: they may still ask for more. */
  async judge(rules: () => Promise<void>): Promise<void> {
    try {
      await rules();
    } catch (cause) {
      if (!(cause instanceof Refusal) || !this.isContended) throw cause;
    }
  }

  /** Takes the lock, or notes that it could not be had, in one round trip with what is to be read under it. */
  async take(name: string, how: Hold, under: readonly Statement[] = []): Promise<Result[]> {
    const held = this.held.get(name);
    const isHeld = held === 'alone' || held === how;
    if (!isHeld && !this.isContended) {
      const [lock, ...read] = await this.tx.batch([tryStatement(name, how), ...under]);
      if (lock!.rows[0]!['taken'] === true) this.held.set(name, how);
      else this.note(name, how);
      return read;
    }
    if (!isHeld) this.note(name, how);
    return under.length > 0 ? this.tx.batch(under) : [];
  }

  /** @throws Contended when a lock was missed: with all that was held and all that was missed. */
  check(): void {
    if (this.isContended) throw new Contended(new Map([...this.held, ...this.missed]));
  }

  private get isContended(): boolean {
    return this.missed.size > 0;
  }

  private note(name: string, how: Hold): void {
    if (this.missed.get(name) !== 'alone') this.missed.set(name, how);
  }
}

const tryStatement = (name: string, how: Hold): Statement => ({
  name: `rule-try-${how}`,
  text: `select pg_try_advisory_xact_lock${how === 'shared' ? '_shared' : ''}(hashtextextended($1::text, 0)) as taken`,
  values: [name],
});
