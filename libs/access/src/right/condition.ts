import { rulesToAST } from '@casl/ability/extra';
import type { Declaration } from '@stoettesystemer/object';
import type { Caller, Verb } from '../caller';
import { type Abilities, abilitiesOf, type Rights } from './ability';
import { LEVELS, type TextRange, type Unit } from './restriction';

/** Takes a value of the statement and gives its placeholder: `$3`. */
export type Bind = (value: unknown) => string;

export interface ConditionOn {
  /** What the statement calls the object's table. */
  readonly object: string;
  /** Binds the moment that counts, in microseconds since 1970; called only where a restriction is of that moment. */
  readonly moment: () => string;
  readonly bind: Bind;
}
type Write = (on: ConditionOn) => string;

interface Node {
  readonly operator: string;
  readonly field?: string;
  readonly value: unknown;
}
/** SQL that can be written again and again, and what its text depends on. */
interface Piece {
  readonly shape: string;
  readonly write: Write;
}

const shapeOf = ({ field, operator }: Node): string => `${field ?? ''} ${operator}`;

const ownerSql: Readonly<Record<string, (value: never, on: ConditionOn) => string>> = {
  'owner eq': (value: string, { object, bind }) => `${object}.owner = ${bind(value)}::int`,
  'owner in': (value: readonly string[], { object, bind }) =>
    `${object}.owner in (${value.map((owner) => `${bind(owner)}::int`).join(', ')})`,
};

/**
 * What one entry of an object's scopes, `s.e`, must satisfy. Lists are bound whole, so that a text says which
 * restrictions there are and not how many values they have.
 */
const entrySql: Readonly<Record<string, (value: never, bind: Bind) => string>> = {
  'kle range': (value: readonly TextRange[], bind) => {
    const from = bind(value.map((range) => range.from));
    const to = bind(value.map((range) => range.to));
    const codes = `case jsonb_typeof(s.e->'kle') when 'array' then s.e->'kle' else jsonb_build_array(s.e->'kle') end`;
    return (
      `exists (select from jsonb_array_elements_text(${codes}) k(code), unnest(${from}::text[], ${to}::text[]) r(a, z)` +
      ` where k.code >= r.a collate "C" and k.code < r.z collate "C")`
    );
  },
  // Every level that is written must be among the granted ones; not written is the highest.
  'foelsomhed lte': (value: number, bind) =>
    `${bind(JSON.stringify(LEVELS.slice(0, value)))}::jsonb @>` +
    ` coalesce(nullif(nullif(s.e->'foelsomhed', 'null'), '[]'), '"${LEVELS.at(-1)}"')`,
  // Subtrees were written out when the caller was let in, so there may be thousands: looked up in a hash, which the
  // planner makes of this form and of no join.
  'orgenhed subtree': (value: readonly Unit[], bind) => {
    const units = bind(value.map(({ rod }) => rod));
    const held = `case jsonb_typeof(s.e->'orgenhed') when 'array' then s.e->'orgenhed' else jsonb_build_array(s.e->'orgenhed') end`;
    return (
      `exists (select from jsonb_array_elements_text(${held}) u(id)` +
      ` where (u.id in (select unnest(${units}::text[]))) is true)`
    );
  },
  ...Object.fromEntries(
    ['itsystem', 'organisation', 'beskedtype', 'afsendermyndighed', 'modtagermyndighed'].map((name) => [
      `${name} in`,
      (value: readonly string[], bind: Bind) => `s.e->'${name}' ?| ${bind(value)}::text[]`,
    ]),
  ),
};

const pieceOf = (node: Node): Piece => {
  const shape = shapeOf(node);
  const sql = entrySql[shape] ?? refuse(shape);
  return { shape, write: ({ bind }) => sql(node.value as never, bind) };
};
const refuse = (shape: string): never => {
  throw new Error(`No SQL for ${shape}`);
};

/** In the order of their shapes: callers whose groups are alike share a prepared statement. */
const join = (pieces: readonly Piece[], word: 'and' | 'or'): Piece => {
  const sorted = pieces.toSorted((a, b) => (a.shape < b.shape ? -1 : 1));
  return {
    shape: `(${sorted.map(({ shape }) => shape).join(` ${word} `)})`,
    write: (on) => `(${sorted.map(({ write }) => write(on)).join(` ${word} `)})`,
  };
};

const children = (node: Node, operator: string): readonly Node[] =>
  node.operator === operator ? (node.value as readonly Node[]) : [node];

/** The restrictions of one kind, from the tree of its groups: null when one of the groups has none. */
function entryOf(tree: Node): Piece | null {
  const groups = children(tree, 'or').map((group) =>
    children(group, 'and').filter(({ field }) => field !== 'owner'),
  );
  return groups.some((group) => group.length === 0)
    ? null
    : join(
        groups.map((group) => join(group.map(pieceOf), 'and')),
        'or',
      );
}

/**
 * The owner is asked once, outside the groups, so that it leads to the index. That is right only while every group of
 * every kind says the same about it.
 */
function ownerOf(trees: readonly Node[]): Write {
  const groups = trees.flatMap((tree) => children(tree, 'or')).map((group) => children(group, 'and'));
  const owners = groups.map((group) => group.filter(({ field }) => field === 'owner'));
  const [owner] = owners[0] ?? [];
  const isSame = (each: readonly Node[]) =>
    each.length === 1 && JSON.stringify(each[0]) === JSON.stringify(owner);
  if (!owner || !owners.every(isSame)) throw new Error('The groups do not agree about the owner');
  const sql = ownerSql[shapeOf(owner)] ?? refuse(shapeOf(owner));
  return (on) => sql(owner.value as never, on);
}

function compile({ system, user }: Abilities, type: Declaration, verb: Verb): Write {
  const kinds: readonly Rights[] = user ? [system, user] : [system];
  const trees = kinds.map((rights): Node | null => rulesToAST(rights, verb, type.name));
  // No rule makes no tree, and no tree is no right (A12).
  if (!trees.every((tree) => tree !== null)) return () => 'false';
  const writeOwner = ownerOf(trees);
  const entries = trees.map(entryOf).filter((piece) => piece !== null);
  if (entries.length === 0) return writeOwner;
  const entry = join(entries, 'and');
  return (on) => {
    const holding = `scopes_at(${on.object}.scopes, ${on.moment()}::bigint) s(e)`;
    return `(${writeOwner(on)} and exists (select from ${holding} where ${entry.write(on)}))`;
  };
}

const compiled = new WeakMap<Abilities, Map<Verb, Write>>();

/**
 * The same decision as `allows`, as a condition on a table with `owner int` and `scopes jsonb`, at one moment.
 * Every value is bound; the text depends only on which restrictions the caller's groups carry. For a caller without
 * restrictions it is a test of the owner alone. `false` when the caller has no right to any object of the type.
 */
export function conditionFor(caller: Caller, type: Declaration, verb: Verb, on: ConditionOn): string {
  const abilities = abilitiesOf(caller, type);
  let ofVerb = compiled.get(abilities);
  if (!ofVerb) compiled.set(abilities, (ofVerb = new Map<Verb, Write>()));
  let write = ofVerb.get(verb);
  if (!write) ofVerb.set(verb, (write = compile(abilities, type, verb)));
  return write(on);
}
