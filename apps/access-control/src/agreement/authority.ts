import { type Caller, holdsPrivilege, type PrivilegeGroup } from '@stoettesystemer/access';
import { Refusal } from '@stoettesystemer/object';

/** The vendor's steps. */
export const ASK = 'adgangsstyring:anmod';
/** The municipality's. */
export const APPROVE = 'adgangsstyring:godkend';

/** A vendor is restricted to what is its own organisation's; a municipality is not. */
const isVendors = ({ constraints }: PrivilegeGroup): boolean => {
  const { organisation = '*' } = constraints;
  return organisation !== '*' && !(Array.isArray(organisation) && organisation.includes('*'));
};

const refused = (privilege: string, step: string): Refusal =>
  new Refusal(403, 'ingen_rettighed', `${step} kræver ${privilege}, som aftalen ikke giver.`);

/** The rights to take a step, as far as they are not a vendor's. */
function unrestricted(caller: Caller): Caller {
  const hasUser = caller.groups.some(({ kind }) => kind === 'user');
  return {
    ...caller,
    // With the user's groups gone the caller would else look like a system by itself.
    subject: hasUser && caller.subject === caller.system ? '' : caller.subject,
    groups: caller.groups.filter((group) => !isVendors(group)),
  };
}

/** May say yes and no for the municipality. Never with a right that is a vendor's, also not to its own agreements. */
export const mayApprove = (caller: Caller): boolean => holdsPrivilege(unrestricted(caller), APPROVE);

/** @throws Refusal 403 */
export function mustApprove(caller: Caller): void {
  if (!mayApprove(caller)) throw refused(APPROVE, 'At godkende, afvise eller ophæve en aftale');
}

/** @throws Refusal 403 */
export function mustAsk(caller: Caller): void {
  if (!holdsPrivilege(caller, ASK)) throw refused(ASK, 'At bede om en aftale eller trække den');
}

/** Ends what is asked for: the vendor who asked, or the municipality that says no. @throws Refusal 403 */
export function mustAskOrApprove(caller: Caller): void {
  if (!mayApprove(caller)) mustAsk(caller);
}
