import { type Database, ROLES } from '@stoettesystemer/postgres';

const LOWEST = 'select coalesce(min(id), 0) as lowest, count(*) as count from outbox';

export interface Backlog {
  /** Events that have been committed and have no position. */
  readonly count: number;
  /** Seconds, at least: how long the same event has been the first of them, each time somebody looked. */
  readonly age: number;
}

/**
 * How far the sequencer is behind (O12), seen from any process. An event's own time does not tell: an imported history is
 * old when it arrives. Looks at the outbox, which is as good as empty unless something is wrong.
 */
export class OutboxAge {
  private first = { id: 0, at: 0 };

  constructor(
    private readonly database: Database,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async read(): Promise<Backlog> {
    const { rows } = await this.database.run(
      { owner: null, role: ROLES.feed },
      { name: 'outbox-age', text: LOWEST },
    );
    const { lowest, count } = rows[0] as { lowest: number; count: number };
    const at = this.now();
    if (lowest !== this.first.id) this.first = { id: lowest, at };
    return { count, age: lowest === 0 ? 0 : (at - this.first.at) / 1000 };
  }
}
