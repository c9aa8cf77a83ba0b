import type { Declaration, Guard } from '@stoettesystemer/object';
import type { Caller, Verb } from '../caller';
import { groupsReaching } from './ability';
import { permissionOf } from './permission';

/**
 * Whether what is guarded so may be shown to the caller, who does this to objects of the type. The it-system must be
 * given it, and the user where there is one (A4). Where rows are told apart by restrictions, every group that reaches
 * some of them must give it: a member is not shown because of a group that does not reach its object.
 */
export const maySee = (caller: Caller, type: Declaration, guard: Guard, verb: Verb): boolean =>
  groupsReaching(caller, type, verb).every((groups) => {
    const gives = groups.map(({ constraints: { [guard]: value } }) => {
      return value !== undefined && permissionOf(value) === true;
    });
    const isTold = Object.keys(type.access ?? {}).length > 0;
    return gives.length > 0 && (isTold ? gives.every(Boolean) : gives.some(Boolean));
  });
