import type { Caller, Verb } from '@stoettesystemer/access';
import { COMMON_OWNER } from '@stoettesystemer/access';
import { type Declaration, formatInstant, now, period as p } from '@stoettesystemer/object';
import type { AsOf } from './ask';
import type { Binder } from './statement';

/** The caller's condition as SQL over `o` (access compiles it from the same rules that CASL reads). */
export type ConditionFor = (
  caller: Caller,
  type: Declaration,
  verb: Verb,
  options: { object: string; moment: () => string; bind: (value: unknown) => string },
) => string;

/** Own objects and the common ones; own first where one UUID stands in both. */
export const ownersOf = ({ owner }: Caller): number[] => [...new Set([Number(owner), Number(COMMON_OWNER)])];

/** Which facts are seen: on the recorded axis, and on the valid axis. `f` is the fact's alias. */
export function factCondition(at: AsOf, { bind }: Binder, f = 'f'): string {
  const recorded =
    at.registrering === 'nu'
      ? `upper_inf(${f}.recorded)`
      : `${f}.recorded @> ${bind(formatInstant(knownAt(at)))}::timestamptz`;
  return `${recorded} and ${validCondition(at, { bind }, f)}`;
}

/** The facts of an object `o` that are seen, as `from ${…}`; more conditions may follow. */
export function factsOf(o: string, at: AsOf, binder: Binder, f = 'f'): string {
  const { bind } = binder;
  return at.registrering === 'nu'
    ? `fact ${f} where ${f}.owner = ${o}.owner and ${f}.object_id = ${o}.id and ${factCondition(at, binder, f)}`
    : `facts_at(${o}.owner, ${o}.id, ${bind(formatInstant(knownAt(at)))}::timestamptz) ${f}
        where ${validCondition(at, binder, f)}`;
}

export function validCondition(at: AsOf, { bind }: Pick<Binder, 'bind'>, f = 'f'): string {
  const virkning = at.virkning === 'nu' ? { at: now() } : at.virkning;
  if (virkning === 'alle') return 'true';
  return 'at' in virkning
    ? `${f}.valid @> ${bind(formatInstant(virkning.at))}::timestamptz`
    : `${f}.valid && ${bind(p.toRange(virkning))}::tstzrange`;
}

/** A period of registration time means: as it was known just before the period ended. */
export function knownAt({ registrering }: AsOf): bigint {
  if (registrering === 'nu') return now();
  if ('at' in registrering) return registrering.at;
  return registrering.to === null ? now() : registrering.to - 1n;
}

/** The registration that counts: the present one, or the last one made at or before a moment. */
export function registrationJoin(at: AsOf, { bind }: Binder): string {
  if (at.registrering === 'nu')
    return `join registration r on r.owner = o.owner and r.object_id = o.id and r.number = o.number`;
  const moment = bind(formatInstant(knownAt(at)));
  return `join lateral (select * from registration h where h.owner = o.owner and h.object_id = o.id
      and h.recorded_at <= ${moment}::timestamptz order by h.recorded_at desc limit 1) r on true`;
}

/** Neither passive nor deleted, by the lifecycle of an object or of a registration. */
export const isLive = (alias: 'o' | 'r'): string => `${alias}.lifecycle not in ('Passiveret', 'Slettet')`;

export interface Selection {
  readonly type: Declaration;
  readonly caller: Caller;
  readonly verb: Verb;
  readonly at: AsOf;
  readonly condition: ConditionFor;
  /** Facets to show; all when left out. */
  readonly facets?: readonly string[];
  /** Shows passive and deleted objects too. */
  readonly dead?: boolean;
}

/** The objects of a type that the caller may see: `from ${source} where ${where}`. */
export function visibleObjects(
  { type, caller, verb, at, condition, dead }: Selection,
  binder: Binder,
): { source: string; where: string } {
  const { bind } = binder;
  const owners = bind(ownersOf(caller));
  const name = bind(type.name);
  return {
    source: `object o ${registrationJoin(at, binder)}`,
    where: `o.owner = any(${owners}::int[]) and o.type = ${name} ${dead ? '' : `and ${isLive('r')}`}
      and (${condition(caller, type, verb, { object: 'o', moment: () => bind(`${now()}`), bind })})`,
  };
}
