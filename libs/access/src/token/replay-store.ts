import { hash } from 'node:crypto';
import type { Database } from '@stoettesystemer/postgres';

/** Remembers which DPoP proofs have been used, for as long as they could be used again. */
export interface ReplayStore {
  /** True the first time; false when the key has shown the same jti before. `until`: seconds since 1970. */
  claim(jkt: string, jti: string, until: number): Promise<boolean>;
}

/**
 * The table of the store below, for a migration. Without a log: what a crash forgets could be replayed within the
 * window of two minutes, and only by someone who has both a token and a proof. Without owners, hence without
 * row-level security: a key says nothing about whose it is.
 */
export const dpopSchema = `
  create unlogged table dpop_proof (key bytea primary key, until timestamptz not null);
  create index dpop_proof_by_time on dpop_proof (until);
  grant insert, delete on dpop_proof to stoette_app;
  grant select (until) on dpop_proof to stoette_app;
`;

const PURGE_EVERY = 60_000;

/** One memory for all instances of a service. */
export class DatabaseReplayStore implements ReplayStore {
  private purged = 0;

  constructor(private readonly database: Database) {}

  async claim(jkt: string, jti: string, until: number): Promise<boolean> {
    await this.purge();
    const { count } = await this.database.run(
      { owner: null },
      {
        name: 'dpop-claim',
        // Without naming the key: that would need the right to read it.
        text: 'insert into dpop_proof (key, until) values ($1::bytea, to_timestamp($2)) on conflict do nothing',
        values: [hash('sha256', `${jkt}.${jti}`, 'buffer'), until],
      },
    );
    return count === 1;
  }

  /** By whoever comes by: one small delete a minute is cheaper than a job that must be kept alive. */
  private async purge(): Promise<void> {
    if (Date.now() - this.purged < PURGE_EVERY) return;
    this.purged = Date.now();
    await this.database.run(
      { owner: null },
      { name: 'dpop-purge', text: `delete from dpop_proof where until < now() - interval '1 minute'` },
    );
  }
}
