import {
  type Attributes,
  COMPARING,
  type Comparing,
  type Comparisons,
  type Filter,
  type Holds,
  type ListCondition,
  listedValues,
  textOf,
} from './filter';

/** Case counts, as the specification has it. */
export const holdsFor: Readonly<Record<Comparing, (value: string, given: string) => boolean>> = {
  exact: (value, given) => value === given,
  prefix: (value, given) => value.startsWith(given),
  suffix: (value, given) => value.endsWith(given),
};

export function comparisonHolds(
  dialect: Comparing,
  name: string,
  given: string,
  attributes: Attributes,
): boolean {
  const value = textOf(attributes, name);
  return value !== undefined && holdsFor[dialect](value, given);
}

export const isListed = ({ attribut, uuid }: ListCondition, attributes: Attributes, holds: Holds): boolean =>
  listedValues(attributes, attribut).some((value) => holds(uuid, value));

/** The dialect of a comparing filter with its comparisons; null for the others. */
export function comparing(filter: Filter): readonly [Comparing, Comparisons] | null {
  for (const dialect of COMPARING)
    if (dialect in filter) return [dialect, (filter as Record<Comparing, Comparisons>)[dialect]];
  return null;
}

function isMet(filter: Filter, attributes: Attributes, holds: Holds): boolean {
  if ('all' in filter) return filter.all.every((each) => isMet(each, attributes, holds));
  if ('any' in filter) return filter.any.some((each) => isMet(each, attributes, holds));
  if ('not' in filter) return !isMet(filter.not, attributes, holds);
  if ('vaerdiliste' in filter) return isListed(filter.vaerdiliste, attributes, holds);
  const [dialect, comparisons] = comparing(filter)!;
  return Object.entries(comparisons).every(([name, given]) =>
    comparisonHolds(dialect, name, given, attributes),
  );
}

/** Whether an event passes: every filter must hold, and without filters everything passes. */
export const matches = (filters: readonly Filter[], attributes: Attributes, holds: Holds): boolean =>
  filters.every((filter) => isMet(filter, attributes, holds));
