import { type Caller, maySee, type Verb } from '@stoettesystemer/access';
import { type Declaration, type Guard, type GuardedField, guardedFields } from '@stoettesystemer/object';
import type { OutlineColumn, OutlineRow } from './outline';

const NONE: readonly GuardedField[] = [];

/** The members that are not shown to a caller who does this to objects of the type (A12, T33). */
export function withheldFrom(caller: Caller, type: Declaration, verb: Verb): readonly GuardedField[] {
  const fields = guardedFields(type);
  if (fields.length === 0) return NONE;
  const seen = new Map(fields.map(({ guard }) => [guard, maySee(caller, type, guard, verb)]));
  return fields.filter(({ guard }) => !seen.get(guard));
}

export const isAmong = (withheld: readonly GuardedField[], facet: string, member: string): boolean =>
  withheld.some((each) => each.facet === facet && each.member === member);

export const stiOf = ({ section, facet, member }: GuardedField): string => `/${section}/${facet}/${member}`;

const WARNING: Readonly<Record<Guard, string>> = {
  'secpr-nummer': 'Aftalen giver ikke ret til at se CPR-numre (secpr-nummer).',
  senavn: 'Aftalen giver ikke ret til at se navne (senavn).',
};

type Items = Readonly<Record<string, readonly Record<string, unknown>[]>>;

/**
 * An object as it may be shown: null for each member that is withheld, and a warning that says so. What has no value
 * stays absent.
 * @param body JSON of the object.
 */
export function veiled(body: string, withheld: readonly GuardedField[]): string {
  if (withheld.length === 0) return body;
  const object = JSON.parse(body) as Record<string, Items | undefined>;
  const hidden = withheld.filter(({ section, facet, member }) => {
    const holding = (object[section]?.[facet] ?? []).filter((item) => Object.hasOwn(item, member));
    for (const item of holding) item[member] = null;
    return holding.length > 0;
  });
  if (hidden.length === 0) return body;
  const advarsler = hidden.map((field) => ({
    sti: stiOf(field),
    kode: 'skjult',
    besked: WARNING[field.guard],
  }));
  return JSON.stringify({ ...object, advarsler });
}

/** Rows of an outline as they may be shown; null is all that tells of a member that is withheld. */
export function veiledRows(
  rows: OutlineRow[],
  columns: readonly OutlineColumn[],
  withheld: readonly GuardedField[],
): OutlineRow[] {
  const hidden = columns.map(({ facet, member }) => member !== undefined && isAmong(withheld, facet, member));
  if (!hidden.includes(true)) return rows;
  return rows.map((row) => ({
    ...row,
    values: row.values.map((value, at) => (hidden[at] ? null : value)),
  }));
}
