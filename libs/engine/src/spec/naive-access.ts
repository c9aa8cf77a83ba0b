import { type Caller, COMMON_OWNER, type PrivilegeGroup, type Verb } from '@stoettesystemer/access';
import type { Guard } from '@stoettesystemer/object';
import { type Content, LEVELS } from './journal';

/** An object as the rules see it: whose it is, and what holds of it now. */
export interface NaiveRow {
  readonly owner: string;
  readonly content: Content;
}

/** The rules of A4, A7 and A13, without CASL, SQL or bytes. */
const isPattern = (value: unknown): value is string =>
  typeof value === 'string' && ['dd.*', 'dd.dd.*', 'dd.dd.dd'].includes(value.replace(/\d/g, 'd'));
const kleFits = (pattern: string, kle: string): boolean =>
  pattern.endsWith('.*') ? kle.startsWith(pattern.slice(0, -1)) : kle === pattern;
const unitOf = (value: unknown): string =>
  typeof value === 'string' ? value : (value as { rod: string }).rod;

const isAnswer = (values: readonly unknown[]): boolean | null =>
  values.length === 1 && ['*', 'ja', 'nej'].includes(values[0] as string) ? true : null;

/** What a group's values of one restriction say of the object; null voids the group. */
const readers: Readonly<Record<string, (values: readonly unknown[], content: Content) => boolean | null>> = {
  kle: (values, { kle }) =>
    values.every(isPattern) ? kle !== undefined && values.some((each) => kleFits(each, kle)) : null,
  foelsomhed: (values, { level = 'VIP_SAGER' }) =>
    values.every((each) => LEVELS.includes(each as string))
      ? values.some((each) => LEVELS.indexOf(each as string) >= LEVELS.indexOf(level))
      : null,
  orgenhed: (values, { unit }) => unit !== undefined && values.map(unitOf).includes(unit),
  organisation: (values, { keeper }) =>
    values.every((each) => /^[1-9]\d{7}$/.test(each as string))
      ? keeper !== undefined && values.includes(keeper)
      : null,
  // Permissions are about members: whatever they say, they tell no object from another.
  'secpr-nummer': isAnswer,
  senavn: isAnswer,
  /** A Journal has none, so that only `*` reaches it. */
  itsystem: () => null,
};

function fits({ constraints }: PrivilegeGroup, content: Content): boolean {
  return Object.entries(constraints).every(([name, value]) => {
    const values: readonly unknown[] = [value].flat();
    const read = readers[name];
    const named = values.filter((each) => each !== '*');
    if (!read || values.length === 0) return false;
    const verdict = named.length === 0 ? true : read(named, content);
    return verdict !== null && (verdict || named.length < values.length);
  });
}

const groupsFor = (caller: Caller, verb: Verb): PrivilegeGroup[][] => {
  const hasUser = caller.subject !== caller.system || caller.groups.some(({ kind }) => kind === 'user');
  return (hasUser ? (['system', 'user'] as const) : (['system'] as const)).map((kind) =>
    caller.groups.filter((each) => each.kind === kind && each.privileges.includes(`journal:${verb}`)),
  );
};

/** Whether the operation is the caller's at all. */
export const mayAtAll = (caller: Caller, verb: Verb): boolean =>
  groupsFor(caller, verb).every((groups) => groups.length > 0);

/** Whether the caller may do it to this one. */
export const may = (caller: Caller, verb: Verb, { owner, content }: NaiveRow): boolean =>
  (owner === caller.owner || (owner === COMMON_OWNER && (verb === 'laes' || verb === 'historik'))) &&
  groupsFor(caller, verb).every((groups) => groups.some((each) => fits(each, content)));

const isVoid = ({ constraints }: PrivilegeGroup): boolean =>
  Object.entries(constraints).some(([name, value]) => {
    const values: readonly unknown[] = [value].flat();
    const named = values.filter((each) => each !== '*');
    if (values.length === 0 || !readers[name]) return true;
    return named.length > 0 && readers[name](named, {}) === null;
  });

/** Whether the caller is shown what is guarded so: a Journal is restricted, so every group that reaches some must give it. */
export const sees = (caller: Caller, guard: Guard, verb: Verb): boolean =>
  groupsFor(caller, verb)
    .map((groups) => groups.filter((each) => !isVoid(each)))
    .every(
      (groups) =>
        groups.length > 0 &&
        groups.every(({ constraints }) => ['*', 'ja'].includes([constraints[guard]].flat().join())),
    );
