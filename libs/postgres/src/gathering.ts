import { LRUCache } from 'lru-cache';
import { codeOf, type Result, type Statement } from './batch';
import { limits } from './limits';

interface Waiting {
  readonly statement: Statement;
  resolve(result: Result): void;
  reject(cause: unknown): void;
}

/** Statements of one text for one owner. */
interface Group {
  readonly owner: string | null;
  readonly waiting: Waiting[];
  /** Round trips that have not come back. */
  underway: number;
}

/** Runs the statements in one round trip, in the context of one owner. */
export type Together = (owner: string | null, statements: readonly Statement[]) => Promise<Result[]>;

/**
 * Small reads share round trips, which are most of what they cost: one that comes while two of its kind are under way
 * waits for the next, and goes with all that have come meanwhile. A kind is a text in the context of an owner, so that
 * those who travel together cost alike; a text that takes long does not gather, and no read ever waits for a slow one.
 */
export class Gathering {
  private readonly groups = new Map<string, Group>();
  /** Milliseconds that a statement of the text takes, lately; by its name. */
  private readonly cost = new LRUCache<string, number>({ max: limits.gathering.texts });

  constructor(private readonly together: Together) {}

  add(owner: string | null, statement: Statement): Promise<Result> {
    return new Promise((resolve, reject) => {
      const name = `${owner ?? ''} ${statement.name}`;
      let group = this.groups.get(name);
      if (!group) this.groups.set(name, (group = { owner, waiting: [], underway: 0 }));
      group.waiting.push({ statement, resolve, reject });
      // Those of the same turn of the event loop have all come when it ends.
      if (group.waiting.length === 1) setImmediate(() => this.leave(name, group));
    });
  }

  private leave(name: string, group: Group): void {
    const { waiting } = group;
    while (waiting.length > 0) {
      const isQuick = this.costOf(waiting[0]!.statement) < limits.gathering.quick;
      if (isQuick && group.underway >= limits.gathering.underway) return;
      void this.travel(name, group, waiting.splice(0, isQuick ? limits.gathering.most : 1));
    }
    if (group.underway === 0) this.groups.delete(name);
  }

  private async travel(name: string, group: Group, those: readonly Waiting[]): Promise<void> {
    group.underway++;
    const begin = performance.now();
    await this.run(group.owner, those);
    const { statement } = those[0]!;
    const took = (performance.now() - begin) / those.length;
    this.cost.set(statement.name, (3 * this.costOf(statement) + took) / 4);
    group.underway--;
    this.leave(name, group);
  }

  private costOf({ name }: Statement): number {
    return this.cost.get(name) ?? 0;
  }

  private async run(owner: string | null, those: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.together(
        owner,
        those.map(({ statement }) => statement),
      );
      for (const [at, { resolve }] of those.entries()) resolve(results[at]!);
    } catch (cause) {
      // One that PostgreSQL refuses takes the others with it, so each is asked by itself; nothing was written.
      if (those.length > 1 && codeOf(cause) !== '')
        await Promise.all(those.map((each) => this.run(owner, [each])));
      else for (const { reject } of those) reject(cause);
    }
  }
}
