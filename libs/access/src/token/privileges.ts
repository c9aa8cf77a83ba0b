import { type Declaration, type Guard, guardedFields } from '@stoettesystemer/object';
import type { ConstraintValue, PrivilegeGroup } from '../caller';
import { isPermission, permissionOf } from '../right/permission';
import { type Dimension, isDimension, restrictionOf } from '../right/restriction';

export const PRIVILEGE_TYPE = 'urn:fk:privilegium:1';

const MEMBERS = ['constraints', 'identifier', 'kind', 'privileges', 'type'];
const PRIVILEGE = /^[a-z0-9-]{1,60}:[a-z0-9-]{1,60}$/;

/** What a group can say beside its privileges: which objects, or which of their members. */
export type ConstraintName = Dimension | Guard;

/** Constraints that a role must carry, by privilege: `sag:laes` → kle and foelsomhed. */
export type RequiredRestrictions = Readonly<Record<string, readonly ConstraintName[]>>;

/** The constraints that a service knows: those that at least one of its types has a path or a guarded member for. */
export const dimensionsOf = (types: readonly Declaration[]): ReadonlySet<ConstraintName> =>
  new Set(
    types.flatMap((type) => [
      ...(Object.keys(type.access ?? {}) as Dimension[]),
      ...guardedFields(type).map(({ guard }) => guard),
    ]),
  );

const isUnderstood = (name: string, value: ConstraintValue): boolean =>
  isPermission(name)
    ? permissionOf(value) !== null
    : isDimension(name) && restrictionOf(name, value) !== null;

/** How one service reads `authorization_details` (A6, A7). */
export class Privileges {
  private readonly known: ReadonlySet<string>;

  constructor(
    types: readonly Declaration[],
    private readonly required: RequiredRestrictions = {},
  ) {
    this.known = dimensionsOf(types);
  }

  /**
   * The groups of a token for the municipality. A void group stays, without privileges: a user's group that grants
   * nothing must still stand beside the system's, or the user would get all that the system may.
   * @throws Error naming what is malformed; then the whole token is refused.
   */
  groupsOf(details: unknown, owner: string): PrivilegeGroup[] {
    if (!Array.isArray(details)) throw new Error('authorization_details is not a list');
    return details.map((detail: unknown) => this.groupOf(detail, owner));
  }

  private groupOf(detail: unknown, owner: string): PrivilegeGroup {
    if (!isRecord(detail)) throw new Error('an authorization detail is not an object');
    const { type, kind, identifier, privileges, constraints } = detail;
    if (type !== PRIVILEGE_TYPE) throw new Error('an authorization detail of an unknown type');
    if (kind !== 'system' && kind !== 'user') throw new Error('an authorization detail of an unknown kind');
    if (identifier !== owner) throw new Error('an authorization detail for another municipality');
    if (!isTexts(privileges) || !privileges.every((each) => PRIVILEGE.test(each)))
      throw new Error('malformed privileges');
    if (!isConstraints(constraints)) throw new Error('malformed constraints');
    // RFC 9396 has members that narrow a detail further (locations, actions, datatypes); passing one over would widen it.
    const isWhole = Object.keys(detail).every((member) => MEMBERS.includes(member));
    const group = { kind, privileges, constraints } as const;
    return isWhole && this.isUnderstood(group) ? group : { kind, privileges: [], constraints: {} };
  }

  private isUnderstood({ privileges, constraints }: PrivilegeGroup): boolean {
    const restrictions = Object.entries(constraints);
    return (
      restrictions.every(([name, value]) => this.known.has(name) && isUnderstood(name, value)) &&
      privileges.every((privilege) =>
        (Object.hasOwn(this.required, privilege) ? this.required[privilege]! : []).every((dimension) =>
          Object.hasOwn(constraints, dimension),
        ),
      )
    );
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
const isConstraints = (value: unknown): value is Record<string, ConstraintValue> =>
  isRecord(value) &&
  Object.values(value).every(
    (each) =>
      typeof each === 'string' ||
      (Array.isArray(each) && each.every((item: unknown) => typeof item === 'string' || isRecord(item))),
  );
