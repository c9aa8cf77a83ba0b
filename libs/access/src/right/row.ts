import type { Instant } from '@stoettesystemer/object';
import { type Dimension, LEVELS, rankOf } from './restriction';

type Values = string | readonly string[] | null;

/** An object's data restrictions over one period; bounds in microseconds since 1970, half-open. */
export type ScopeEntry = { readonly fra: number; readonly til: number | null } & Readonly<
  Partial<Record<Dimension, Values>>
>;

/** What a right is decided on: an object's owner (CVR, eight digits) and its data restrictions over time. */
export interface Owned {
  readonly owner: string;
  readonly scopes: readonly ScopeEntry[];
}

/** One object at one moment, as CASL sees it. */
export interface Row {
  readonly type: string;
  readonly owner: string;
  readonly kle: readonly string[];
  /** Rank of the highest level, 1 to 4; 5 when a level is unknown. */
  readonly foelsomhed: number;
  readonly orgenhed: readonly string[];
  readonly itsystem: readonly string[];
  readonly organisation: readonly string[];
  readonly beskedtype: readonly string[];
  readonly afsendermyndighed: readonly string[];
  readonly modtagermyndighed: readonly string[];
}

const listOf = (values: Values | undefined): readonly string[] => [values ?? []].flat();

/** Not said counts as the most sensitive, however it is not said. */
const levelOf = (values: readonly string[]): number =>
  values.length === 0 ? LEVELS.length : Math.max(...values.map(rankOf));

/** The object at a moment, once for each entry that holds; once without values when none does, which only `*` matches. */
export function rowsOf(type: string, { owner, scopes }: Owned, at: Instant): Row[] {
  const holding = scopes.filter(({ fra, til }) => fra <= at && (til === null || til > at));
  const entries: Partial<ScopeEntry>[] = holding.length > 0 ? holding : [{}];
  return entries.map(({ kle, foelsomhed, ...lists }) => ({
    type,
    owner,
    kle: listOf(kle),
    foelsomhed: levelOf(listOf(foelsomhed)),
    orgenhed: listOf(lists.orgenhed),
    itsystem: listOf(lists.itsystem),
    organisation: listOf(lists.organisation),
    beskedtype: listOf(lists.beskedtype),
    afsendermyndighed: listOf(lists.afsendermyndighed),
    modtagermyndighed: listOf(lists.modtagermyndighed),
  }));
}
