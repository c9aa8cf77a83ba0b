import type { Declaration, Section } from './declaration';
import type { Field, Guard } from './field';

/** A member that only those are shown whose agreement gives it. */
export interface GuardedField {
  readonly section: Section;
  readonly facet: string;
  readonly member: string;
  readonly guard: Guard;
}

const known = new WeakMap<Declaration, readonly GuardedField[]>();

/** The guarded members of a type; for most types there are none. */
export function guardedFields(type: Declaration): readonly GuardedField[] {
  let fields = known.get(type);
  if (fields === undefined)
    known.set(
      type,
      (fields = [...guardedIn('attributter', type.attributes), ...guardedIn('relationer', type.relations)]),
    );
  return fields;
}

const guardedIn = (
  section: Section,
  facets: Readonly<Record<string, { readonly fields?: Readonly<Record<string, Field>> }>>,
): GuardedField[] =>
  Object.entries(facets).flatMap(([facet, { fields = {} }]) =>
    Object.entries(fields).flatMap(([member, { guard }]) =>
      guard === undefined ? [] : [{ section, facet, member, guard }],
    ),
  );
