import { conditionFor } from '@stoettesystemer/access';
import {
  type Declaration,
  formatInstant,
  type Instant,
  malformed,
  now,
  sectionOf,
} from '@stoettesystemer/object';
import type { Row } from '@stoettesystemer/postgres';
import type { AsOf, Ask } from './ask';
import { Cursors, type Place } from './cursor';
import type { Page, Query } from './query';
import { type Reach, released } from './reading';
import { SearchCondition } from './search-condition';
import { searchField } from './search-field';
import {
  factCondition,
  objectColumns,
  type Selection,
  snapshotOf,
  validCondition,
  visibleObjects,
} from './selection';
import { Binder } from './statement';

/** Above this a total is what the planner believes. */
const COUNTED = 10_000;

interface SortKey {
  readonly sql: string;
  readonly cast: string;
  readonly falls: boolean;
}

/** `-felt` falls. A missing value comes first when rising. */
function sortKey(type: Declaration, name: string, at: AsOf, binder: Binder): SortKey {
  const falls = name.startsWith('-');
  const felt = falls ? name.slice(1) : name;
  const field = searchField(type, felt, '/sorter');
  if (field.kind === 'prose')
    return {
      sql: 'coalesce((select w.rank from words w where w.owner = o.owner and w.object_id = o.id), 0)',
      cast: 'numeric',
      falls: !falls,
    };
  if (field.kind === 'column') return { sql: field.column, cast: field.type, falls };
  const member = field.kind === 'relation' ? `f.value->'reference'` : null;
  const raw = member
    ? `coalesce(${member}->>'uuid', ${member}->>'urn')`
    : `f.value->>${binder.bind(field.kind === 'term' && field.member !== '' ? field.member : 'vaerdi')}`;
  const kind = field.kind === 'term' ? field.field.kind : 'reference';
  const [cast, least] =
    kind === 'integer' || kind === 'number' || kind === 'decimal'
      ? ['numeric', `'-Infinity'::numeric`]
      : kind === 'instant'
        ? ['timestamptz', `'-infinity'::timestamptz`]
        : ['text', `''`];
  const collate = cast === 'text' ? 'collate "da-x-icu"' : '';
  return {
    sql: `coalesce((select min((${raw})::${cast} ${collate}) from fact f where f.owner = o.owner and f.object_id = o.id
      and f.facet = ${binder.bind(field.facet)} and ${factCondition(at, binder)}), ${least}) ${collate}`,
    cast,
    falls,
  };
}

/** Keyset condition: strictly after the place, key by key, the UUID and its owner last. */
function afterPlace(keys: readonly SortKey[], place: Place, { bind }: Binder): string {
  const columns = [
    ...keys.map(({ cast, falls }, at) => ({ name: `k${at}`, cast, falls })),
    { name: 'id', cast: 'uuid', falls: false },
    { name: 'owner', cast: 'int', falls: false },
  ];
  const values = columns.map(({ cast }, at) => `${bind(place.keys[at] ?? null)}::${cast}`);
  const alternatives = columns.map((column, at) => {
    const equal = columns.slice(0, at).map(({ name }, before) => `h.${name} = ${values[before]}`);
    return [...equal, `h.${column.name} ${column.falls ? '<' : '>'} ${values[at]}`].join(' and ');
  });
  return `(${alternatives.map((each) => `(${each})`).join(' or ')})`;
}

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
  const cursors = new Cursors(secret, ask.caller, [type.name, meaning, asText(asked)]);
  const place = cursor === null ? null : cursors.read(cursor);
  const moment = place?.now ?? now();
  const at: AsOf = asked.virkning === 'nu' ? { ...asked, virkning: { at: moment } } : asked;
  const binder = new Binder();
  const facets = facetsShown(type, query.vis);
  const selection: Selection = {
    type,
    caller: ask.caller,
    verb: 'laes',
    at,
    condition: conditionFor,
    ...(facets ? { facets } : {}),
  };
  const condition = new SearchCondition(type, ask.caller, at, binder);
  const wanted = condition.of(query.udtryk);
  const { source, where } = visibleObjects(selection, binder);
  const words = condition.words === null ? '' : wordsTable(type, condition.words, at, binder);
  const sorter = query.sorter.length === 0 && condition.words !== null ? ['tekst'] : query.sorter;
  if (sorter.includes('tekst') && condition.words === null)
    throw malformed('felt', '/sorter', 'Der søges ikke på tekst.');
  const keys = sorter.map((name) => sortKey(type, name, at, binder));
  const hits = `select o.owner, o.id${keys.map(({ sql }, n) => `, ${sql} as k${n}`).join('')}
    from ${source} where ${where} and ${wanted}`;
  const order = [...keys.map(({ falls }, n) => `h.k${n}${falls ? ' desc' : ''}`), 'h.id', 'h.owner'].join(
    ', ',
  );
  const after = place ? `where ${afterPlace(keys, place, binder)}` : '';
  const page = `select * from (${hits}) h ${after} order by ${order} limit ${binder.bind(limit + 1)}::int`;
  const keyColumns = keys.map((_, n) => `h.k${n}::text as k${n}`);
  const isUuidOnly = query.vis === 'uuid';
  const { columns, lateral } = isUuidOnly
    ? { columns: 'h.id, h.owner', lateral: '' }
    : objectColumns(selection, binder);
  const joined = isUuidOnly
    ? `from (${page}) h`
    : `from (${page}) h join ${source.replace('object o', 'object o on o.owner = h.owner and o.id = h.id')} ${lateral}`;
  const statement = binder.statement(
    `${words} select ${[columns, ...keyColumns].join(', ')} ${joined} order by ${order}`,
  );
  const { rows } = await released(reach, ask, type, 'soeg', (run) => run(statement), {
    criteria: query.udtryk,
    limit,
  });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map((row) => (isUuidOnly ? JSON.stringify(row['id']) : snapshotOf(row).body)),
    naeste: rows.length > limit && last ? cursors.write(placeOf(last, keys.length, moment)) : null,
    ...(antal ? { antal: await total(reach, ask, type, query, at) } : {}),
  };
}

const placeOf = (row: Row, keys: number, now: Instant): Place => ({
  now,
  keys: [
    ...Array.from({ length: keys }, (_, n) => row[`k${n}`] as string | null),
    row['id'] as string,
    String(row['owner']),
  ],
});

const asText = ({ virkning, registrering }: AsOf): string =>
  JSON.stringify([virkning, registrering], (_, value: unknown) =>
    typeof value === 'bigint' ? formatInstant(value) : value,
  );

/** Hits of the words; the function owns operators that row-level security keeps from the indexes, and filters owners itself. */
const wordsTable = (type: Declaration, words: string, at: AsOf, binder: Binder): string =>
  `with words as materialized (
    select h.owner, h.object_id, round(sum(h.rank)::numeric, 6) as rank
      from prose_hits(${binder.bind(words)}::text, ${binder.bind(type.name)}::text) h
      join fact f on f.owner = h.owner and f.id = h.fact
     where ${at.registrering === 'nu' ? `upper_inf(f.recorded) and ${validCondition(at, binder)}` : factCondition(at, binder)}
     group by h.owner, h.object_id)`;

function facetsShown(type: Declaration, vis: Query['vis']): readonly string[] | null {
  if (vis === null || vis === 'uuid') return null;
  for (const facet of vis)
    if (sectionOf(type, facet) === undefined) throw malformed('vis', '/vis', 'En facet i vis findes ikke.');
  return vis;
}

/** Exact as far as is counted, and the planner's estimate beyond. */
async function total(
  { database }: Reach,
  ask: Ask,
  type: Declaration,
  query: Query,
  at: AsOf,
): Promise<number> {
  const counting = (limit: string) => {
    const binder = new Binder();
    const condition = new SearchCondition(type, ask.caller, at, binder);
    const wanted = condition.of(query.udtryk);
    const { source, where } = visibleObjects(
      { type, caller: ask.caller, verb: 'laes', at, condition: conditionFor },
      binder,
    );
    const words = condition.words === null ? '' : wordsTable(type, condition.words, at, binder);
    return { binder, words, text: `select 1 as one from ${source} where ${where} and ${wanted} ${limit}` };
  };
  const context = { owner: ask.caller.owner };
  const { binder, words, text } = counting(`limit ${COUNTED + 1}`);
  const counted = await database.run(
    context,
    binder.statement(`${words} select count(*)::int as n from (${text}) c`),
  );
  const exact = counted.rows[0]!['n'] as number;
  if (exact <= COUNTED) return exact;
  const whole = counting('');
  const plan = await database.run(
    context,
    whole.binder.statement(`explain (format json) ${whole.words} ${whole.text}`),
  );
  const [{ Plan: top }] = JSON.parse(Object.values(plan.rows[0]!)[0] as string) as [
    { Plan: { 'Plan Rows': number } },
  ];
  return Math.max(COUNTED + 1, top['Plan Rows']);
}
