import { type AccessPaths, isCvr, isUrn, isUuid } from '@stoettesystemer/object';
import type { ConstraintValue } from '../caller';

/** What a role can be restricted by. */
export type Dimension = keyof AccessPaths;

/** From and including, to and excluding, in the order of the bytes. */
export interface TextRange {
  readonly from: string;
  readonly to: string;
}

export interface Unit {
  readonly rod: string;
  readonly undertrae: boolean;
}

/** One restriction in CASL's words: what the object's values in that dimension must satisfy. */
export type Condition =
  | { readonly $range: readonly TextRange[] }
  | { readonly $lte: number }
  | { readonly $subtree: readonly Unit[] }
  | { readonly $in: readonly string[] };

/** `all` restricts nothing; null cannot be understood, and voids the whole group (A7). */
export type Restriction = 'all' | Condition | null;

/** From least to most sensitive. A level includes those before it. */
export const LEVELS = [
  'IKKE_FORTROLIGE_DATA',
  'FORTROLIGE_PERSONOPLYSNINGER',
  'FOELSOMME_PERSONOPLYSNINGER',
  'VIP_SAGER',
] as const;

/** 1 to 4; 5, above every level that can be granted, for what is not a level. */
export const rankOf = (level: unknown): number => {
  const rank = (LEVELS as readonly unknown[]).indexOf(level) + 1;
  return rank === 0 ? LEVELS.length + 1 : rank;
};

type Values = readonly (string | Unit)[];
const isUnit = (value: unknown): value is Unit =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).sort().join() === 'rod,undertrae' &&
  isUuid((value as Unit).rod) &&
  typeof (value as Unit).undertrae === 'boolean';

/** All of them read, or none: a value that is not understood must not be passed over. */
function every<T>(values: Values, read: (value: string | Unit) => T | null): T[] | null {
  const found = values.map(read);
  return found.includes(null) ? null : (found as T[]);
}

/** `27.*` and `27.18.*` are all that begins so, `27.18.02` is itself. No other form exists. */
function kleRange(pattern: string | Unit): TextRange | null {
  if (typeof pattern !== 'string') return null;
  // '/' is the byte after '.'.
  if (/^\d\d\.(\d\d\.)?\*$/.test(pattern))
    return { from: pattern.slice(0, -1), to: `${pattern.slice(0, -2)}/` };
  // Nothing that PostgreSQL can store sorts between a text and that text followed by the lowest character.
  if (/^\d\d\.\d\d\.\d\d$/.test(pattern)) return { from: pattern, to: `${pattern}\u0001` };
  return null;
}

const unit = (value: string | Unit): Unit | null => {
  if (isUnit(value)) return { rod: value.rod.toLowerCase(), undertrae: value.undertrae };
  return isUuid(value) ? { rod: value.toLowerCase(), undertrae: false } : null;
};

const system = (value: string | Unit): string | null => {
  if (isUuid(value)) return value.toLowerCase();
  return isUrn(value) ? value : null;
};

const cvrs = (values: Values): Condition | null => {
  const numbers = every(values, (value) => (isCvr(value) ? value : null));
  return numbers && { $in: numbers };
};

const readers: Readonly<Record<Dimension, (values: Values) => Condition | null>> = {
  kle: (values) => {
    const ranges = every(values, kleRange);
    return ranges && { $range: ranges };
  },
  foelsomhed: (values) => {
    const ranks = every(values, (value) => rankOf(value));
    return ranks && Math.max(...ranks) <= LEVELS.length ? { $lte: Math.max(...ranks) } : null;
  },
  orgenhed: (values) => {
    const units = every(values, unit);
    return units && { $subtree: units };
  },
  itsystem: (values) => {
    const systems = every(values, system);
    return systems && { $in: systems };
  },
  organisation: cvrs,
  beskedtype: (values) => {
    const kinds = every(values, (value) => (isUuid(value) ? value.toLowerCase() : null));
    return kinds && { $in: kinds };
  },
  afsendermyndighed: cvrs,
  modtagermyndighed: cvrs,
};

export const isDimension = (name: string): name is Dimension => Object.hasOwn(readers, name);

/** Reads what a group says about one dimension. An empty list, or a value of no known form, is null. */
export function restrictionOf(dimension: Dimension, value: ConstraintValue): Restriction {
  const values = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(values) || values.length === 0) return null;
  const named = values.filter((each) => each !== '*') as Values;
  const condition = named.length > 0 ? readers[dimension](named) : 'all';
  return condition && named.length < values.length ? 'all' : condition;
}
