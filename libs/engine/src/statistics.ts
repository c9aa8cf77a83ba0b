import type { Database } from '@stoettesystemer/postgres';

/** Registrations after which the planner is told for the first time; then at twice as many, and so on. */
const FIRST = 32;
/** From here on autovacuum keeps up by itself. */
const ENOUGH = 1_000_000;

/**
 * Tells the planner how large the tables have grown. All indexes begin with the owner, so to a planner that believes a
 * table to be empty they look alike, and it may scan a whole municipality for one value; autovacuum comes only after a
 * minute, by which time an import into a new database would have crawled.
 */
export class Statistics {
  private written = 0;
  private next = FIRST;

  constructor(private readonly database: Database) {}

  async grown(count: number): Promise<void> {
    this.written += count;
    if (this.written < this.next || this.next > ENOUGH) return;
    while (this.next <= this.written) this.next *= 2;
    // Somebody else may be at it already; then there is nothing to wait for.
    await this.database
      .run({ owner: null }, { name: 'refresh-statistics', text: `select refresh_statistics()` })
      .catch(() => undefined);
  }
}
