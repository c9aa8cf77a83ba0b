import { type Caller, type PrivilegeGroup } from '@stoettesystemer/access';

/** Callers that act in another municipality's name as the receiver of its delegations, and for whom they really ask. */
const receivers = new WeakMap<Caller, string>();

const PRIVILEGES = ['delegation:laes', 'delegation:skriv', 'jobfunktionsrolle:laes'];

/**
 * The caller among the delegator's objects: itself, by system, subject and agreement, with no more rights than a
 * receiver has. Only of delegations to its own CVR, which must have been seen to before.
 */
export function actingAt(owner: string, caller: Caller): Caller {
  const kinds = new Set(caller.groups.map(({ kind }) => kind));
  const groups = [...kinds].map((kind): PrivilegeGroup => {
    return { kind, privileges: PRIVILEGES, constraints: {} };
  });
  const acting: Caller = { ...caller, owner, groups };
  receivers.set(acting, caller.owner);
  return acting;
}

/** CVR of the receiver that the caller acts as; null for all who are where they belong. */
export const receiverOf = (caller: Caller): string | null => receivers.get(caller) ?? null;
