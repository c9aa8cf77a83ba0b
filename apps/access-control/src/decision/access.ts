import { allows, type Caller, holdsPrivilege, maySee, type Owned, type Verb } from '@stoettesystemer/access';
import { type Declaration, type GuardedField, guardedFields, type Instant } from '@stoettesystemer/object';
import type { Decision, Question } from './question';

/** What an operation does, and to which type. */
export interface OnType {
  readonly type: Declaration;
  readonly verb: Verb;
}

/** What is asked to be done: an operation, on any object, or on one with these data restrictions. */
export interface Wish {
  /** A privilege: `klasse:laes`. */
  readonly operation: string;
  readonly object: (OnType & { readonly owned: Owned }) | null;
  /** Where the operation is one on a type of ours. */
  readonly on?: OnType | null;
  /** When the object's restrictions are looked at. */
  readonly at: Instant;
}

/** A caller as a token of this decision makes one. */
const callerOf = ({ groups, agreement }: Decision, { system, owner, user }: Question): Caller => ({
  service: 'forklaring',
  owner,
  system,
  subject: user ? `${user.idp} bruger` : system,
  assurance: null,
  agreement: agreement?.uuid ?? null,
  agreementVersion: agreement?.version ?? null,
  tokenId: 'forklaring',
  expires: Number.MAX_SAFE_INTEGER,
  groups,
});

/** The members of the type that whoever gets this decision's token is not shown. */
export function hiddenIn(decision: Decision, question: Question, { type, verb }: OnType): GuardedField[] {
  const caller = callerOf(decision, question);
  return guardedFields(type).filter(({ guard }) => !maySee(caller, type, guard, verb));
}

/** Whether whoever gets this decision's token may do it: asked of the same code that every service asks. */
export function mayDo(decision: Decision, question: Question, { operation, object, at }: Wish): boolean {
  if (decision.refused !== null) return false;
  const caller = callerOf(decision, question);
  return object
    ? holdsPrivilege(caller, operation) && allows(caller, object.type, object.verb, object.owned, at)
    : holdsPrivilege(caller, operation);
}
