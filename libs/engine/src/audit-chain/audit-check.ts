import type { KeyObject } from 'node:crypto';
import { poolFor, ROLES } from '@stoettesystemer/postgres';
import type { ClientBase } from 'pg';
import type { AuditFinding } from './audit-finding';
import { chainedText, GENESIS, LINE, lineOf, linkHash } from './audit-line';
import { rootFaults, type CheckedRoot, rootsOf } from './root-check';

export interface AuditCheckOptions {
  readonly service: string;
  /** Public keys that roots may be signed with. */
  readonly keys: readonly KeyObject[];
  /** Where exported roots lie: they know what the database may have been made to forget. */
  readonly folder?: string;
  /** Hears how far it has come, in rows. */
  readonly progress?: (done: number, total: number) => void;
}

export interface AuditCheck {
  readonly findings: readonly AuditFinding[];
  readonly chains: number;
  readonly rows: number;
  readonly roots: number;
  /** Rows that were not yet in their chain. */
  readonly waiting: number;
}

const PAGE = 2_000;

const LINKS = `
  select c.place::float8 as place, c.id::float8 as id, c.citizens, c.hash, ${LINE} as line, a.id is not null as stands
    from (select * from audit_chain where owner = $1 and place > $2 order by place limit ${PAGE}) c
    left join audit a on a.owner = c.owner and a.id = c.id
   order by c.place`;

const OUTSIDE = `
  select a.id::float8 as id, instant(a.at) as at from audit a
   where a.owner = $1 and a.id <= (select number from audit_floor)
     and not exists (select from audit_chain c where c.owner = a.owner and c.id = a.id)
   order by a.id limit 1`;

interface Link {
  readonly place: number;
  readonly id: number;
  readonly citizens: readonly string[];
  readonly hash: Buffer;
  readonly line: string;
  readonly stands: boolean;
}

/**
 * Goes through every chain of a service's database, as it was at one moment, and names the first thing wrong in each:
 * a row changed, removed or inserted, a chain cut short or written anew. Memory is a page of rows, however many there
 * are, and nobody waits for it. `url` is the login's, who may take on `stoette_opslag`.
 */
export async function checkAudit(url: string, options: AuditCheckOptions): Promise<AuditCheck> {
  const pool = poolFor(url, { size: 1, statementTimeout: 0 });
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query(`set local idle_in_transaction_session_timeout = 0; set local role ${ROLES.lookup}`);
    const roots = await rootsOf(client, options);
    const { rows: sizes } = await client.query<{ owner: number; links: number; rows: number }>(
      `select owner, coalesce(c.n, 0) as links, coalesce(a.n, 0) as rows
         from (select owner, count(*)::float8 as n from audit_chain group by owner) c
         full join (select owner, count(*)::float8 as n from audit group by owner) a using (owner) order by owner`,
    );
    const total = sizes.reduce((sum, { links }) => sum + links, 0);
    const owners = [...new Set([...sizes.map(({ owner }) => owner), ...roots.keys()])];
    const findings: AuditFinding[] = [];
    let done = 0;
    for (const owner of owners) {
      const mine = roots.get(owner) ?? [];
      const walk = new Walk(String(owner), mine);
      const found = await walk.go(client, (count) => options.progress?.((done += count), total));
      const outside = await rowOutside(client, owner);
      findings.push(...[...rootFaults(mine), found, outside].flatMap((each) => each ?? []));
    }
    return {
      findings,
      chains: sizes.length,
      rows: total,
      roots: [...roots.values()].reduce((sum, each) => sum + each.length, 0),
      waiting: sizes.reduce((sum, { links, rows }) => sum + Math.max(0, rows - links), 0),
    };
  } finally {
    client.release(true);
    await pool.end();
  }
}

async function rowOutside(client: ClientBase, owner: number): Promise<AuditFinding | null> {
  const { rows } = await client.query<{ id: number; at: string }>(OUTSIDE, [owner]);
  const [row] = rows;
  return row
    ? { what: 'Rækken er sat ind uden om kæden.', cvr: String(owner), id: row.id, tid: row.at }
    : null;
}

/** One chain from its beginning to the first thing wrong. */
class Walk {
  private place = 0;
  /** What the last link's hash is, by its own row and by what is written; they differ where something is wrong. */
  private worked: Buffer = GENESIS;
  private written: Buffer = GENESIS;
  private doubt: AuditFinding | null = null;
  private last: Pick<AuditFinding, 'id' | 'tid'> = {};
  private afterRoot: Pick<AuditFinding, 'plads' | 'id' | 'tid'> | null = null;
  private rootsPassed = 0;
  private readonly valid: readonly CheckedRoot[];

  constructor(
    private readonly cvr: string,
    roots: readonly CheckedRoot[],
  ) {
    this.valid = roots.filter(({ claims }) => claims !== null).sort((a, b) => placeOf(a) - placeOf(b));
  }

  async go(client: ClientBase, passed: (count: number) => void): Promise<AuditFinding | null> {
    for (;;) {
      const { rows } = await client.query<Link>({
        name: 'audit-links',
        text: LINKS,
        values: [this.cvr, this.place],
      });
      passed(rows.length);
      for (const link of rows) {
        const finding = this.step(link);
        if (finding) return finding;
      }
      if (rows.length < PAGE) return this.doubt ?? this.cutShort();
    }
  }

  private step({ place, id, citizens, hash, line, stands }: Link): AuditFinding | null {
    const { cvr } = this;
    if (place !== this.place + 1)
      return (
        this.doubt ?? {
          what: 'Et led i kæden er fjernet efter denne række.',
          cvr,
          plads: this.place + 1,
          ...this.last,
        }
      );
    const tid = stands ? lineOf(line).tid : undefined;
    const at = { cvr, plads: place, id, ...(tid === undefined ? {} : { tid }) };
    if (!stands)
      return this.doubt ?? { what: `Rækken er fjernet. Den før har tiden ${this.last.tid ?? '-'}.`, ...at };
    const text = chainedText(lineOf(line), citizens);
    if (this.doubt) {
      // The next row tells which of the two it was made on: the row as it is now, or the hash as it is now.
      const isLinkChanged = linkHash(this.worked, text).equals(hash);
      return isLinkChanged ? { ...this.doubt, what: 'Leddet i kæden er ændret.' } : this.doubt;
    }
    this.worked = linkHash(this.written, text);
    this.written = hash;
    this.place = place;
    this.last = { id, ...(tid === undefined ? {} : { tid }) };
    this.afterRoot ??= { plads: place, ...this.last };
    if (!this.worked.equals(hash)) this.doubt = { what: 'Rækken er ændret.', ...at };
    return this.doubt ? null : this.atRoots();
  }

  private atRoots(): AuditFinding | null {
    for (; this.rootsPassed < this.valid.length; this.rootsPassed++) {
      const root = this.valid[this.rootsPassed]!;
      if (placeOf(root) > this.place) return null;
      const { dag, hash } = root.claims!;
      if (placeOf(root) === this.place && hash !== this.written.toString('hex'))
        return {
          what: `Kæden er skrevet om fra denne række eller senere: den ender ikke i roden for ${dag}.`,
          cvr: this.cvr,
          dag,
          ...this.afterRoot,
        };
      this.afterRoot = null;
    }
    return null;
  }

  /** A root that was signed further on than the chain now goes. */
  private cutShort(): AuditFinding | null {
    const root = this.valid[this.rootsPassed];
    if (!root) return null;
    const { dag, plads } = root.claims!;
    return {
      what: `Kæden er afkortet: roden for ${dag} er ved plads ${plads}. Dette er den sidste række.`,
      cvr: this.cvr,
      dag,
      plads: this.place,
      ...this.last,
    };
  }
}

const placeOf = ({ claims }: CheckedRoot): number => claims!.plads;
