import { conditionFor } from '@stoettesystemer/access';
import { type Declaration, malformed, sectionOf } from '@stoettesystemer/object';
import type { Statement } from '@stoettesystemer/postgres';
import type { AsOf, Ask } from './ask';
import type { Place } from './cursor';
import type { Query } from './query';
import { SearchCondition } from './search-condition';
import { searchField } from './search-field';
import { factCondition, type Selection, validCondition, visibleObjects } from './selection';
import { objectColumns } from './snapshot';
import { Binder } from './statement';

/** What a page has of each object: its UUID, what `snapshotOf` writes it from, or which registration of it was found. */
export type PageOf = 'uuid' | 'objects' | 'found';

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

/** Where the hits of a search are, before they are put in order. */
interface Hits {
  readonly binder: Binder;
  readonly selection: Selection;
  /** `from ${source} where ${where}`, after `${words}`. */
  readonly source: string;
  readonly where: string;
  readonly words: string;
  readonly hasWords: boolean;
}

function hitsOf({ caller }: Ask, type: Declaration, { udtryk, vis }: Query, at: AsOf): Hits {
  const binder = new Binder();
  const facets = facetsShown(type, vis);
  const selection: Selection = {
    type,
    caller,
    verb: 'laes',
    at,
    condition: conditionFor,
    ...(facets ? { facets } : {}),
  };
  const condition = new SearchCondition(type, caller, at, binder);
  const wanted = condition.of(udtryk);
  const { source, where } = visibleObjects(selection, binder);
  const hasWords = condition.words !== null;
  const words = condition.words === null ? '' : wordsTable(type, condition.words, at, binder);
  return { binder, selection, source, where: `${where} and ${wanted}`, words, hasWords };
}

/** One object more than the page has, which tells whether there are more. Sort keys are named k0, k1 and so on. */
export function pageStatement(
  ask: Ask,
  type: Declaration,
  query: Query,
  at: AsOf,
  place: Place | null,
  of: PageOf,
): Statement {
  const { binder, selection, source, where, words, hasWords } = hitsOf(ask, type, query, at);
  const sorter = sorterOf(query, hasWords);
  if (sorter.includes('tekst') && !hasWords) throw malformed('felt', '/sorter', 'Der søges ikke på tekst.');
  const keys = sorter.map((name) => sortKey(type, name, at, binder));
  const stamp = of === 'found' ? ', o.recorded_at' : '';
  const hits = `select o.owner, o.id${stamp}${keys.map(({ sql }, n) => `, ${sql} as k${n}`).join('')}
    from ${source} where ${where}`;
  const order = [...keys.map(({ falls }, n) => `h.k${n}${falls ? ' desc' : ''}`), 'h.id', 'h.owner'].join(
    ', ',
  );
  const after = place ? `where ${afterPlace(keys, place, binder)}` : '';
  const page = `(select * from (${hits}) h ${after} order by ${order} limit ${binder.bind(query.limit + 1)}::int) h`;
  const keyColumns = keys.map((_, n) => `, h.k${n}::text as k${n}`).join('');
  if (of === 'objects') {
    const { columns, lateral } = objectColumns(selection, binder);
    const objects = source.replace('object o', 'object o on o.owner = h.owner and o.id = h.id');
    return binder.statement(
      `${words} select ${columns}${keyColumns} from ${page} join ${objects} ${lateral} order by ${order}`,
    );
  }
  const columns = of === 'found' ? 'h.id, h.owner, h.recorded_at::text as stamp' : 'h.id, h.owner';
  return binder.statement(`${words} select ${columns}${keyColumns} from ${page} order by ${order}`);
}

/** What the hits are in order of: as asked, or else by how well the words fit. */
const sorterOf = ({ sorter }: Query, hasWords: boolean): readonly string[] =>
  sorter.length === 0 && hasWords ? ['tekst'] : sorter;

/** Every hit that there is, or as many as `limit` says. */
export function countable(
  ask: Ask,
  type: Declaration,
  query: Query,
  at: AsOf,
  limit: string,
): { binder: Binder; words: string; text: string } {
  const { binder, source, where, words } = hitsOf(ask, type, { ...query, vis: null }, at);
  return { binder, words, text: `select 1 as one from ${source} where ${where} ${limit}` };
}

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
