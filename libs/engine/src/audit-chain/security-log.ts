import type { KeyObject } from 'node:crypto';
import { type AuditEntry, auditRow, pseudonymise } from '@stoettesystemer/access';
import { formatInstant, type Instant, malformed, now } from '@stoettesystemer/object';
import type { Database, Row } from '@stoettesystemer/postgres';
import type { Ask } from '../ask';
import { Cursors } from '../cursor';
import { auditKey, type Wanted } from './audit-key';
import { canonical, chainedText, LINE, lineOf } from './audit-line';

export interface SecurityLogOptions {
  readonly secret: Buffer;
  readonly pseudonymKey: KeyObject;
}

export interface LogQuery {
  /** A citizen by URN, an object or an it-system by UUID, a user by the subject of the token. */
  readonly wanted: Wanted;
  readonly from: Instant | null;
  readonly to: Instant | null;
  /** Only what was denied, or only what was not. */
  readonly denied: boolean | null;
  readonly limit: number;
  readonly cursor: string | null;
}

export interface LogPage {
  /** JSON texts, the newest first. */
  readonly data: readonly string[];
  readonly naeste: string | null;
}

/** A municipality's daily root, as it was signed. */
export interface SignedRoot {
  readonly dag: string;
  readonly plads: number;
  readonly hash: string;
  readonly jws: string;
}

const FIND = `
  select k.at::text as at, k.id::text as id, ${LINE} as line
    from (select owner, at, id from audit_key
           where owner = $1::int and key = $2::uuid
             and at >= $3::timestamptz and at < $4::timestamptz and (at, id) < ($5::timestamptz, $6::bigint)
             and ($7::boolean is null or allowed = $7::boolean)
           order by at desc, id desc limit $8::int) k
    join audit a on a.owner = k.owner and a.id = k.id
   order by k.at desc, k.id desc`;

const RANGE = `
  select min(c.place) as first, max(c.place) as last
    from audit a join audit_chain c on c.owner = a.owner and c.id = a.id
   where a.owner = $1::int and a.at >= $2::timestamptz and a.at < $3::timestamptz`;

const LINKS = `
  select c.place, array_to_string(c.citizens, ' ') as citizens, encode(c.hash, 'hex') as hash, ${LINE} as line
    from (select * from audit_chain where owner = $1::int and place between $2::bigint and $3::bigint
           order by place limit $4::int) c
    join audit a on a.owner = c.owner and a.id = c.id
   order by c.place`;

const ROOTS = `
  select day::text as dag, place as plads, encode(hash, 'hex') as hash, jws from audit_root
   where owner = $1::int order by day desc limit $2::int`;

const HIGHEST = '9223372036854775807';
const PAGE = 500;

const timeOf = (at: Instant | null, open: string): string => (at === null ? open : formatInstant(at));

/** Looks in a service's security log, for the caller's own municipality; every look is itself logged (O1). */
export class SecurityLog {
  constructor(
    private readonly database: Database,
    private readonly options: SecurityLogOptions,
  ) {}

  /** Who looked at this, or what did this one do; the newest first. */
  async search(ask: Ask, query: LogQuery): Promise<LogPage> {
    const { from, to, denied, limit, cursor } = query;
    const wanted = this.asKept(query.wanted);
    const criteria = {
      [wanted.kind]: wanted.value,
      fra: from === null ? null : formatInstant(from),
      til: to === null ? null : formatInstant(to),
      afvist: denied,
    };
    const { owner } = ask.caller;
    const cursors = new Cursors(this.options.secret, ask.caller, () => ['sikkerhedslog', criteria]);
    const place = cursor === null ? null : cursors.read(cursor);
    const [at = 'infinity', id = HIGHEST] = place?.keys ?? [];
    const values = [owner, auditKey(wanted), timeOf(from, '-infinity'), timeOf(to, 'infinity'), at, id];
    const rows = await this.database.transaction({ owner }, async (tx) => {
      const found = await tx.run({
        name: 'audit-find',
        text: FIND,
        values: [...values, denied === null ? null : !denied, limit + 1],
      });
      const count = Math.min(found.count, limit);
      await tx.finish([this.logged(ask, { operation: 'sikkerhedslog_soeg', criteria, count })]);
      return found.rows;
    });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map(({ line }) => canonical(lineOf(line as string))),
      naeste: last ? cursors.write({ now: now(), keys: [last['at'] as string, last['id'] as string] }) : null,
    };
  }

  /**
   * Every row of the period, in the order of the chain and with what the chain needs to be verified: between the first
   * and the last none is left out, so a row of another time may stand among them. The last line counts them; without it
   * the export was cut short. Read a page at a time.
   */
  async export(ask: Ask, from: Instant, to: Instant): Promise<AsyncGenerator<string>> {
    const { owner } = ask.caller;
    const criteria = { fra: formatInstant(from), til: formatInstant(to) };
    const { first, last } = await this.database.transaction({ owner }, async (tx) => {
      const found = await tx.run({
        name: 'audit-range',
        text: RANGE,
        values: [owner, criteria.fra, criteria.til],
      });
      await tx.finish([this.logged(ask, { operation: 'sikkerhedslog_eksport', criteria })]);
      return found.rows[0] as { first: number | null; last: number | null };
    });
    return this.lines(owner, first ?? 1, last ?? 0);
  }

  /** The municipality's signed roots, the newest first. */
  async roots(ask: Ask, limit: number): Promise<SignedRoot[]> {
    const { owner } = ask.caller;
    const { rows } = await this.database.run(
      { owner },
      { name: 'audit-roots', text: ROOTS, values: [owner, limit] },
    );
    return rows as unknown as SignedRoot[];
  }

  private async *lines(owner: string, first: number, last: number): AsyncGenerator<string> {
    let former = first === 1 ? '0'.repeat(64) : '';
    let count = 0;
    // One link before the first, for the hash that the first was made on.
    for (let next = first === 1 ? 1 : first - 1; next <= last;) {
      const { rows } = await this.database.look(
        { owner },
        { name: 'audit-links-of', text: LINKS, values: [owner, next, last, PAGE] },
      );
      // A link without its row: what is exported ends there, and does not look whole.
      if (rows.length === 0) return;
      for (const row of rows) {
        if (former !== '') {
          yield exportLine(row, former);
          count++;
        }
        former = row['hash'] as string;
        next = (row['place'] as number) + 1;
      }
    }
    yield `{"i_alt":${count}}\n`;
  }

  /** A citizen is found by the pseudonym that stands in the log. */
  private asKept({ kind, value }: Wanted): Wanted {
    if (kind === 'objekt' || kind === 'system') return { kind, value: value.toLowerCase() };
    if (kind === 'bruger') return { kind, value };
    const pseudonym = pseudonymise(value, this.options.pseudonymKey) as string;
    if (!/^cpr-hmac:[\w-]{22}$/.test(pseudonym))
      throw malformed('operand', '/borger/urn', 'Skal være en urn:oio:cpr-nr med et personnummer.');
    return { kind, value: pseudonym };
  }

  private logged(
    { caller, transaction, purpose }: Ask,
    entry: Pick<AuditEntry, 'operation' | 'criteria' | 'count'>,
  ) {
    const who = { caller, transaction, type: null, ...(purpose === undefined ? {} : { purpose }) };
    return auditRow({ ...who, ...entry, allowed: true }, this.options.pseudonymKey);
  }
}

const exportLine = ({ place, citizens, hash, line }: Row, former: string): string => {
  const names = citizens === '' ? [] : (citizens as string).split(' ');
  const row = chainedText(lineOf(line as string), names);
  return `{"plads":${place},"forrige":"${former}","hash":"${hash}","raekke":${row}}\n`;
};
