import { keepConnected, type Log, pause } from '@stoettesystemer/feed';
import { isPersonal, type Declaration } from '@stoettesystemer/object';
import { limits, ROLES } from '@stoettesystemer/postgres';
import type { KeyObject } from 'node:crypto';
import type { Client } from 'pg';
import { AuditHorizon } from './audit-horizon';
import { exportRoots, makeRoots, type RootOptions, today } from './audit-roots';
import { chainAll } from './chain-batch';

/** 'sikk' in ASCII. Advisory locks belong to one database, so every service has its own. */
const LOCK = 0x73696b6b;

/** In milliseconds, and rows. */
const pace = { idle: 500, standby: 1_000, batch: 2_000, silence: 30_000 };

const sessionOf = (silence: number): string => `
  select set_config('role', '${ROLES.log}', false),
         set_config('timezone', 'UTC', false),
         set_config('statement_timeout', '${limits.session.statementTimeout}', false),
         set_config('lock_timeout', '${limits.session.lockTimeout}', false),
         set_config('idle_in_transaction_session_timeout', '${limits.session.idleInTransactionTimeout}', false),
         set_config('idle_session_timeout', '${silence}', false),
         set_config('enable_seqscan', 'off', false), set_config('enable_bitmapscan', 'off', false),
         set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false),
         set_config('jit', 'off', false)`;

export interface AuditChainerOptions {
  /** Address of the service's database, without a pooler between. */
  readonly url: string;
  readonly log: Log;
  readonly pseudonymKey: KeyObject;
  /** The service's types: only objects of those with personal data are looked through for persons. */
  readonly types: readonly Declaration[];
  /** Signs the chains' daily roots; without it there are none. */
  readonly roots?: RootOptions;
  /** Rows in one batch. */
  readonly batch?: number;
  /** Milliseconds between two looks. */
  readonly idle?: number;
}

/**
 * Chains the security log after commit: h_n = SHA-256(h_n-1 ‖ row), a chain for each municipality, and a signed root of
 * each chain every day. Start one in every process: the one that holds the database's lock works. Who writes audit rows
 * neither waits for it nor tells it; it looks. Rows get their place when they are to be seen, so a late commit comes
 * later in its chain and is never passed over.
 */
export class AuditChainer {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private rootDay = '';

  constructor(private readonly options: AuditChainerOptions) {}

  /** Begins, and comes back by itself after any loss; never throws. */
  start(): void {
    const { url, log } = this.options;
    const answer = limits.session.statementTimeout + limits.session.networkGrace;
    this.running ??= keepConnected(
      { url, name: 'audit chainer', answer, log },
      this.stopping.signal,
      (client, over) => this.work(client, over),
    );
  }

  /** Finishes the batch under way and frees the lock. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async work(client: Client, over: AbortSignal): Promise<void> {
    const { idle = pace.idle } = this.options;
    await client.query(sessionOf(idle + pace.silence));
    while (!over.aborted && !(await hasLock(client))) await pause(pace.standby, over);
    if (!over.aborted) await this.lead(client, over);
  }

  private async lead(client: Client, over: AbortSignal): Promise<void> {
    const { idle = pace.idle, batch: size = pace.batch, pseudonymKey, types, roots } = this.options;
    const personal = new Set(types.filter(isPersonal).map(({ name }) => name));
    const { rows } = await client.query<{ number: string }>('select number from audit_floor');
    const horizon = new AuditHorizon(Number(rows[0]!.number));
    while (!over.aborted) {
      const { isQuiet, settles } = await horizon.before(client);
      if (!isQuiet) {
        const { isComplete } = await chainAll(client, horizon.floor, { pseudonymKey, personal, size }, over);
        if (settles && isComplete) await horizon.settle(client);
      }
      if (roots) await this.keepRoots(client, roots);
      await pause(idle, over);
    }
  }

  /** At the start, and whenever a day has ended. A folder that cannot be written to stops no chain. */
  private async keepRoots(client: Client, roots: RootOptions): Promise<void> {
    const day = await today(client);
    if (day === this.rootDay) return;
    const made = await makeRoots(client, day, roots);
    if (made > 0) this.options.log.info({ made }, 'security log: roots signed');
    await exportRoots(client, roots).catch((cause: NodeJS.ErrnoException) => {
      this.options.log.warn({ code: cause.code ?? cause.name }, 'security log: roots could not be exported');
    });
    this.rootDay = day;
  }
}

async function hasLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [LOCK]);
  return rows[0]?.taken === true;
}
