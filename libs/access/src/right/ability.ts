import {
  type Ability,
  AbilityBuilder,
  buildMongoQueryMatcher,
  createMongoAbility,
  type MongoQuery,
} from '@casl/ability';
import { type Declaration, type Instant, now } from '@stoettesystemer/object';
import { type Caller, COMMON_OWNER, type PrivilegeGroup, type Verb } from '../caller';
import { isPermission, permissionOf } from './permission';
import {
  type Condition,
  type Dimension,
  isDimension,
  restrictionOf,
  type TextRange,
  type Unit,
} from './restriction';
import { type Owned, type Row, rowsOf } from './row';

/** Rights to one type: the it-system's, and the user's where there is a user. Both must say yes (A4). */
export interface Abilities {
  readonly system: Rights;
  readonly user: Rights | null;
}
export type Rights = Ability<[Verb, string | Row], MongoQuery>;

interface FieldNode<T> {
  readonly field: keyof Row;
  readonly value: readonly T[];
}
const holdsText =
  <T>(test: (text: string, value: T) => boolean) =>
  ({ field, value }: FieldNode<T>, row: Row): boolean =>
    (row[field] as readonly string[]).some((text) => value.some((each) => test(text, each)));

/** CASL's own words are eq, in and lte; these two are ours. */
const matcher = buildMongoQueryMatcher(
  { $range: { type: 'field' }, $subtree: { type: 'field' } },
  {
    range: holdsText<TextRange>((text, { from, to }) => from <= text && text < to),
    subtree: holdsText<Unit>((text, { rod }) => text === rod),
  },
);

const VERBS: readonly Verb[] = ['laes', 'skriv', 'slet', 'importer', 'historik'];
const reads = (verb: Verb): boolean => verb === 'laes' || verb === 'historik';
const privilegeOf = (type: Declaration, verb: Verb): string => `${type.name.toLowerCase()}:${verb}`;

/** What may be read is one's own and what is common; what may be changed is one's own. */
const ownersOf = ({ owner }: Caller, verb: Verb) =>
  reads(verb) ? { $in: [owner, COMMON_OWNER] } : { $eq: owner };

/**
 * The conditions of a group on objects of a type, or null when it gives no right to any: it holds a restriction that
 * cannot be understood, or one other than `*` that the type has no value for (A7).
 */
function conditionsOf(
  { constraints }: PrivilegeGroup,
  type: Declaration,
): Partial<Record<Dimension, Condition>> | null {
  const conditions: Partial<Record<Dimension, Condition>> = {};
  for (const [name, value] of Object.entries(constraints)) {
    if (isPermission(name)) {
      if (permissionOf(value) === null) return null;
      continue;
    }
    const restriction = isDimension(name) ? restrictionOf(name, value) : null;
    if (restriction === 'all') continue;
    if (!restriction || !isDimension(name) || !type.access?.[name]) return null;
    conditions[name] = restriction;
  }
  return conditions;
}

/** One `can` for each group, with all of its conditions: values of two groups never mix (A12). */
function rightsOf(caller: Caller, groups: readonly PrivilegeGroup[], type: Declaration): Rights {
  const { can, build } = new AbilityBuilder<Rights>(createMongoAbility);
  for (const group of groups) {
    const conditions = conditionsOf(group, type);
    for (const verb of VERBS)
      if (conditions && group.privileges.includes(privilegeOf(type, verb)))
        can(verb, type.name, { owner: ownersOf(caller, verb), ...conditions });
  }
  return build({
    conditionsMatcher: matcher,
    detectSubjectType: (row) => (typeof row === 'string' ? row : row.type),
  });
}

/** Whether a user stands behind the caller. One who has no groups may nothing; the system’s rights are not theirs. */
export const hasUser = ({ subject, system, groups }: Caller): boolean =>
  subject !== system || groups.some(({ kind }) => kind === 'user');
const kindsOf = (caller: Caller): readonly PrivilegeGroup['kind'][] =>
  hasUser(caller) ? ['system', 'user'] : ['system'];
const groupsOf = ({ groups }: Caller, kind: PrivilegeGroup['kind']) =>
  groups.filter((group) => group.kind === kind);

const known = new WeakMap<Caller, Map<Declaration, Abilities>>();

/** The caller's rights to objects of a type; made once for each caller, which is to say once for each token. */
export function abilitiesOf(caller: Caller, type: Declaration): Abilities {
  let ofCaller = known.get(caller);
  if (!ofCaller) known.set(caller, (ofCaller = new Map<Declaration, Abilities>()));
  let abilities = ofCaller.get(type);
  if (!abilities) {
    abilities = {
      system: rightsOf(caller, groupsOf(caller, 'system'), type),
      user: hasUser(caller) ? rightsOf(caller, groupsOf(caller, 'user'), type) : null,
    };
    ofCaller.set(type, abilities);
  }
  return abilities;
}

/** Whether the operation is the caller's at all, on any object; if not, it is refused with 403. */
export const holds = (caller: Caller, type: Declaration, verb: Verb): boolean =>
  holdsPrivilege(caller, privilegeOf(type, verb));

/** The same for a privilege that is not about one type: `klassifikation:<name>`. */
export const holdsPrivilege = (caller: Caller, privilege: string): boolean =>
  kindsOf(caller).every((kind) =>
    groupsOf(caller, kind).some(({ privileges }) => privileges.includes(privilege)),
  );

/** Of each kind that counts, the groups that give the right to some object of the type. */
export const groupsReaching = (caller: Caller, type: Declaration, verb: Verb): PrivilegeGroup[][] =>
  kindsOf(caller).map((kind) =>
    groupsOf(caller, kind).filter(
      (group) => group.privileges.includes(privilegeOf(type, verb)) && conditionsOf(group, type) !== null,
    ),
  );

/** Whether the caller may do this to this object. The object passes when one of its entries at the moment does. */
export function allows(
  caller: Caller,
  type: Declaration,
  verb: Verb,
  object: Owned,
  at: Instant = now(),
): boolean {
  const { system, user } = abilitiesOf(caller, type);
  return rowsOf(type.name, object, at).some(
    (row) => system.can(verb, row) && (user === null || user.can(verb, row)),
  );
}
