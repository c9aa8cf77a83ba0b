import {
  type AccessByFacet,
  type AccessPath,
  type AccessPaths,
  type Declaration,
  keyOf,
  type Instant,
  parseInstant,
  type Period,
  period as p,
  type Reference,
} from '@stoettesystemer/object';
import type { Piece } from './piece';

/** An object's data restrictions over one period; bounds in microseconds since 1970. */
export interface Scope {
  readonly fra: number;
  readonly til: number | null;
  readonly kle?: string | readonly string[];
  readonly foelsomhed?: string | readonly string[];
  readonly orgenhed?: string | readonly string[];
  readonly itsystem?: string | readonly string[];
  readonly organisation?: string | readonly string[];
}

/** From before anything that can be said. */
const ALWAYS: Period = { from: parseInstant('1850-01-01T00:00:00+14:00')!, to: null };

/** The facets that say what an object's restrictions are. */
export const accessFacets = ({ access = {} }: Declaration): string[] => [
  ...new Set((Object.values(access) as AccessPath[]).flatMap((path) => ('facet' in path ? path.facet : []))),
];

function valueAt(piece: Piece, path: AccessByFacet): string | null {
  const value = JSON.parse(piece.value) as Record<string, unknown>;
  if (path.rolle !== undefined && value['rolle'] !== path.rolle) return null;
  if (path.field !== undefined)
    return typeof value[path.field] === 'string' ? (value[path.field] as string) : null;
  if (piece.section === 't') return String(value['vaerdi']);
  return piece.section === 'r' ? keyOf(value['reference'] as Reference) : null;
}

/** Restrictions over time, from the pieces of the access facets: one entry for each stretch in which all stay the same. */
export function scopesOf(type: Declaration, uuid: string, pieces: readonly Piece[]): Scope[] {
  const paths = Object.entries((type.access ?? {}) as AccessPaths) as [string, AccessPath][];
  const values = paths.flatMap(([dimension, path]) =>
    'itself' in path
      ? [{ dimension, value: uuid, period: ALWAYS }]
      : pieces
          .filter(({ facet }) => facet === path.facet)
          .flatMap((piece) => {
            const value = valueAt(piece, path);
            return value === null ? [] : [{ dimension, value, period: piece.period }];
          }),
  );
  const edges = [
    ...new Set(values.flatMap(({ period }) => [period.from, ...(period.to === null ? [] : [period.to])])),
  ];
  edges.sort((a, b) => (a < b ? -1 : 1));
  return edges.flatMap((from, at) => {
    const to: Instant | null = edges[at + 1] ?? null;
    const holding = values.filter(({ period }) => p.contains(period, from));
    if (holding.length === 0) return [];
    const scope: Record<string, string | string[]> = {};
    for (const [dimension] of paths) {
      const found = [
        ...new Set(holding.filter((each) => each.dimension === dimension).map(({ value }) => value)),
      ];
      if (found.length > 0) scope[dimension] = found.length === 1 ? found[0]! : found.sort();
    }
    return [{ fra: Number(from), til: to === null ? null : Number(to), ...scope }];
  });
}

const first = (value: string | readonly string[] | undefined): string | null =>
  value === undefined ? null : typeof value === 'string' ? value : (value[0] ?? null);

/** What an event says of its object's classification at a moment. */
export function classificationAt(
  scopes: readonly Scope[],
  at: Instant,
): { kle: string | null; foelsomhed: string | null } {
  const moment = Number(at);
  const scope = scopes.find(({ fra, til }) => fra <= moment && (til === null || moment < til));
  return { kle: first(scope?.kle), foelsomhed: first(scope?.foelsomhed) };
}
