/** Attribute name → text it is compared with; each must hold. */
export type Comparisons = Readonly<Record<string, string>>;

/** What a list of values can be held against. */
export const LISTED = ['subject', 'relateretobjekt'] as const;
export type Listed = (typeof LISTED)[number];

export interface ListCondition {
  readonly attribut: Listed;
  /** Of the Værdiliste, in lower case. */
  readonly uuid: string;
}

/** A filter as it stands on the wire: a dialect of CloudEvents Subscriptions, or a list of values (contract §8). */
export type Filter =
  | { readonly exact: Comparisons }
  | { readonly prefix: Comparisons }
  | { readonly suffix: Comparisons }
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] }
  | { readonly not: Filter }
  | { readonly vaerdiliste: ListCondition };

export const COMPARING = ['exact', 'prefix', 'suffix'] as const;
export type Comparing = (typeof COMPARING)[number];
export const DIALECTS = [...COMPARING, 'all', 'any', 'not', 'vaerdiliste'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** The attributes of an event by name. What is not there, or is undefined, no comparison holds for. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Whether a list holds a value. Asked for values that stand in an event, never for its content. */
export type Holds = (list: string, value: string) => boolean;

export const FILTER_LIMITS = {
  /** Filters of one subscription, and filters in one `all` or `any`. */
  filters: 100,
  /** Filters and comparisons all told: a subscription's cost per event. */
  parts: 500,
  depth: 8,
  value: 1024,
  name: 40,
} as const;

/** The texts that an attribute's value is compared as: the whole of it, in the canonical form of CloudEvents. */
export function textOf(attributes: Attributes, name: string): string | undefined {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return value === undefined || value === null ? undefined : String(value);
}

/** The values that lists are asked for: `relateretobjekt` may name several, with a comma between. */
export function listedValues(attributes: Attributes, name: Listed): readonly string[] {
  const text = textOf(attributes, name);
  if (text === undefined) return [];
  return name === 'relateretobjekt' ? text.split(',').filter((value) => value !== '') : [text];
}
