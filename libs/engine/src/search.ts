import { type Declaration, formatInstant, type Instant, isPersonal, now } from '@stoettesystemer/object';
import type { Row } from '@stoettesystemer/postgres';
import type { AsOf, Ask } from './ask';
import { Cursors, type Place } from './cursor';
import { namesIn } from './guarded-question';
import { bodiesOf, type Found } from './present';
import type { Page, Query } from './query';
import { type Reach, released } from './reading';
import { countable, type PageOf, pageStatement } from './search-statement';
import { snapshotOf } from './snapshot';

/** Above this a total is what the planner believes. */
const COUNTED = 10_000;

/** One page of the objects that fit and that the caller may see (contract §6). */
export async function search(
  reach: Reach,
  secret: Buffer,
  ask: Ask,
  type: Declaration,
  query: Query,
  asked: AsOf,
): Promise<Page> {
  const { cursor, limit, antal, ...meaning } = query;
  const cursors = new Cursors(secret, ask.caller, () => [type.name, meaning, asText(asked)]);
  const place = cursor === null ? null : cursors.read(cursor);
  const moment = place?.now ?? now();
  const at: AsOf = asked.virkning === 'nu' ? { ...asked, virkning: { at: moment } } : asked;
  const rowsOf = async (of: PageOf): Promise<Row[]> => {
    const statement = pageStatement(ask, type, query, at, place, of);
    const told = { criteria: query.udtryk, names: namesIn(type, query.udtryk), limit };
    return (await released(reach, ask, type, 'soeg', (run) => run(statement), told)).rows;
  };
  const { rows, data } = await pageOf(
    reach,
    ask,
    query,
    { moment, isPresent: reach.copies.areKept && isPresent(type, asked) },
    rowsOf,
  );
  const last = rows[limit - 1];
  return {
    data,
    naeste: rows.length > limit && last ? cursors.write(placeOf(last, moment)) : null,
    ...(antal ? { antal: await total(reach, ask, type, query, at) } : {}),
  };
}

/** Whether copies of what is found may be at hand. */
const isPresent = (type: Declaration, { virkning, registrering }: AsOf): boolean =>
  virkning === 'nu' && registrering === 'nu' && !isPersonal(type);

async function pageOf(
  reach: Reach,
  ask: Ask,
  { vis, limit }: Query,
  { moment, isPresent }: { moment: Instant; isPresent: boolean },
  rowsOf: (of: PageOf) => Promise<Row[]>,
): Promise<{ rows: Row[]; data: string[] }> {
  if (vis === 'uuid') {
    const rows = await rowsOf('uuid');
    return { rows, data: rows.slice(0, limit).map(({ id }) => JSON.stringify(id)) };
  }
  if (vis === null && isPresent) {
    const rows = await rowsOf('found');
    const data = await bodiesOf(reach, ask, rows.slice(0, limit).map(foundOf), moment);
    if (data) return { rows, data };
  }
  const rows = await rowsOf('objects');
  return { rows, data: rows.slice(0, limit).map((row) => snapshotOf(row).body) };
}

const foundOf = (row: Row): Found => ({
  id: row['id'] as string,
  owner: row['owner'] as number,
  stamp: row['stamp'] as string,
});

const KEY = /^k\d+$/;
const placeOf = (row: Row, now: Instant): Place => ({
  now,
  keys: [
    ...Object.keys(row)
      .filter((name) => KEY.test(name))
      .map((name) => row[name] as string | null),
    row['id'] as string,
    String(row['owner']),
  ],
});

const asText = ({ virkning, registrering }: AsOf): string =>
  JSON.stringify([virkning, registrering], (_, value: unknown) =>
    typeof value === 'bigint' ? formatInstant(value) : value,
  );

/** Exact as far as is counted, and the planner's estimate beyond. */
async function total(
  { database }: Reach,
  ask: Ask,
  type: Declaration,
  query: Query,
  at: AsOf,
): Promise<number> {
  const context = { owner: ask.caller.owner };
  const { binder, words, text } = countable(ask, type, query, at, `limit ${COUNTED + 1}`);
  const counted = await database.look(
    context,
    binder.statement(`${words} select count(*)::int as n from (${text}) c`),
  );
  const exact = counted.rows[0]!['n'] as number;
  if (exact <= COUNTED) return exact;
  const whole = countable(ask, type, query, at, '');
  const plan = await database.look(
    context,
    whole.binder.statement(`explain (format json) ${whole.words} ${whole.text}`),
  );
  const [{ Plan: top }] = JSON.parse(Object.values(plan.rows[0]!)[0] as string) as [
    { Plan: { 'Plan Rows': number } },
  ];
  return Math.max(COUNTED + 1, top['Plan Rows']);
}
