import { type ConstraintName, type ConstraintValue, LEVELS } from '@stoettesystemer/access';
import { isUuid } from '@stoettesystemer/object';

/** How a token says what a role is restricted to. @param dimension null where it is a vendor's own type. */
export function tokenConstraint(
  dimension: ConstraintName | null,
  values: readonly string[],
): ConstraintValue {
  if (dimension === 'orgenhed') return values.map(unitOf);
  return dimension === 'foelsomhed' ? highest(values) : values;
}

/** `<uuid>` is the unit, `<uuid>/*` the unit and all under it. */
const unitOf = (value: string): string | { rod: string; undertrae: boolean } => {
  const rod = value.endsWith('/*') ? value.slice(0, -2) : null;
  return rod !== null && isUuid(rod) ? { rod, undertrae: true } : value;
};

/** Each level includes those below; what is not a level stays, and voids the group where it is read. */
const highest = (values: readonly string[]): string =>
  values.includes('*')
    ? '*'
    : (values.find((value) => !(LEVELS as readonly string[]).includes(value)) ??
      LEVELS.findLast((level) => values.includes(level))!);
