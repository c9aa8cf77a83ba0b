import { breaks, codeOf } from '@stoettesystemer/postgres';
import { Refusal } from '@stoettesystemer/object';
import type { Written } from './ask';
import type { Wanted } from './change-work';
import { Contended } from './rule-locks';

/** Requests that share a transaction, at most: none waits longer than for so many of its like. */
const MOST = 16;
/** Transactions of one owner at a time, before others wait for company; two, so that the database never waits for us. */
const UNDERWAY = 2;
/** Milliseconds after which a transaction is not waited for: it waits for a lock itself, or does much. */
const SLOW = 50;

interface Waiting {
  readonly wanted: Wanted;
  resolve(written: Promise<Written>): void;
}

interface Group {
  waiting: Waiting[];
  underway: number;
}

export interface Ways {
  alone(wanted: Wanted): Promise<Written>;
  /** In one transaction that waits for nobody; undefined where one is to be carried alone. */
  together(wanted: readonly Wanted[]): Promise<readonly (Written | undefined)[]>;
}

/**
 * Changes share transactions, as reads share round trips: one that comes while two transactions of its owner are under
 * way goes with all that have come meanwhile. Nobody suffers for the company: what does not succeed together, at once
 * and without waiting, is done alone. With nobody else about, every change is alone.
 */
export class GatheredChanges {
  private readonly groups = new Map<string, Group>();

  constructor(private readonly ways: Ways) {}

  add(wanted: Wanted): Promise<Written> {
    return new Promise((resolve) => {
      const { owner } = wanted.ask.caller;
      let group = this.groups.get(owner);
      if (!group) this.groups.set(owner, (group = { waiting: [], underway: 0 }));
      group.waiting.push({ wanted, resolve });
      // Those of the same turn of the event loop have all come when it ends.
      if (group.waiting.length === 1) setImmediate(() => this.leave(owner, group));
    });
  }

  private leave(owner: string, group: Group): void {
    while (group.waiting.length > 0 && group.underway < UNDERWAY) this.travel(owner, group, companyOf(group));
    if (group.waiting.length === 0 && group.underway === 0) this.groups.delete(owner);
  }

  private travel(owner: string, group: Group, those: readonly Waiting[]): void {
    group.underway++;
    let isUnderway = true;
    const arrive = (): void => {
      if (!isUnderway) return;
      isUnderway = false;
      group.underway--;
      this.leave(owner, group);
    };
    const timer = setTimeout(arrive, SLOW);
    void this.run(those).finally(() => {
      clearTimeout(timer);
      arrive();
    });
  }

  private async run(those: readonly Waiting[]): Promise<void> {
    const { alone, together } = this.ways;
    if (those.length === 1) {
      const [{ wanted, resolve }] = those as [Waiting];
      const written = alone(wanted);
      resolve(written);
      await written.catch(() => undefined);
      return;
    }
    try {
      const written = await together(those.map(({ wanted }) => wanted));
      for (const [at, { wanted, resolve }] of those.entries()) {
        const own = written[at];
        resolve(own ? Promise.resolve(own) : alone(wanted));
      }
    } catch (cause) {
      // Where it is not known that nothing was written, nothing may be done again.
      const error = Promise.reject(cause as Error);
      for (const { wanted, resolve } of those) resolve(isUndone(cause) ? alone(wanted) : error);
      error.catch(() => undefined);
    }
  }
}

/** The first that wait, each about another object; those who must stay keep their places. */
function companyOf(group: Group): Waiting[] {
  const company = new Map<string, Waiting>();
  const staying: Waiting[] = [];
  for (const each of group.waiting) {
    const { uuid } = each.wanted;
    if (company.size < MOST && !company.has(uuid)) company.set(uuid, each);
    else staying.push(each);
  }
  group.waiting = staying;
  return [...company.values()];
}

/** We, or PostgreSQL on a connection that it goes on with, have refused: then the transaction was undone. */
const isUndone = (cause: unknown): boolean =>
  cause instanceof Refusal || cause instanceof Contended || (codeOf(cause) !== '' && !breaks(cause as Error));
