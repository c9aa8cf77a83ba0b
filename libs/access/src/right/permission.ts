import { type Guard, GUARDS } from '@stoettesystemer/object';
import type { ConstraintValue } from '../caller';

/** What a group may say of a guarded member: all there is, yes, or no. */
const ANSWERS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ['*', true],
  ['ja', true],
  ['nej', false],
]);

/**
 * Permissions stand among a group's restrictions and are none: they say which members of the objects are shown, and
 * nothing of which objects. One that is not there is not given.
 */
export const isPermission = (name: string): name is Guard => (GUARDS as readonly string[]).includes(name);

/** Whether the value gives it. Null cannot be understood, and voids the whole group (A7). */
export function permissionOf(value: ConstraintValue): boolean | null {
  const [answer, ...more] = [value].flat();
  return more.length > 0 ? null : (ANSWERS.get(answer) ?? null);
}
