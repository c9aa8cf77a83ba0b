import { DAYS, type Item, type Remark } from './model-items';

/** What holds on one day: members, and what the virkning says beside them. */
type Value = {
  readonly members: Readonly<Record<string, unknown>>;
  readonly note: string | undefined;
} | null;
type Slots = ReadonlyMap<string, readonly Value[]>;

export interface Registration extends Remark {
  readonly number: number;
  readonly lifecycle: string;
  readonly slots: Slots;
}

export type Command = Remark & {
  /** The number that is known of the object, one that was, or none said. An import asks for none. */
  readonly ifMatch: 'held' | 'stale' | 'none';
} & (
    | { readonly kind: 'patch'; readonly items: Item[] }
    | { readonly kind: 'erstat'; readonly facets: string[]; readonly items: Item[] }
    | { readonly kind: 'put'; readonly items: Item[] }
    | { readonly kind: 'bulk'; readonly items: Item[] }
    | { readonly kind: 'passivate' }
    | { readonly kind: 'remove' }
  );

const strip = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));

function laid(former: Value, { members, note, ends, merges }: Item, isChange: boolean): Value {
  if (ends) return null;
  const isMerged = merges && isChange;
  const next = strip(isMerged ? { ...former?.members, ...members } : members);
  if (Object.keys(next).length === 0) return null;
  return { members: next, note: note ?? (isMerged ? former?.note : undefined) };
}

/** Lays items over what held: the part that each covers is replaced, the rest stays (contract §4). */
export function lay(slots: Slots, list: readonly Item[], isChange: boolean): Slots {
  const next = new Map([...slots].map(([slot, values]) => [slot, [...values]]));
  for (const item of list) {
    const { slot, facet, span } = item;
    const all = [...next.keys()].filter((each) => each.startsWith(`${facet} `));
    for (const name of slot.endsWith('*') ? all : [slot]) {
      const values = next.get(name) ?? Array<Value>(DAYS).fill(null);
      for (let n = span.from; n < span.to; n++) values[n] = laid(values[n] ?? null, item, isChange);
      next.set(name, values);
    }
  }
  return next;
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
const textOf = (value: Value): string =>
  value === null ? '' : JSON.stringify([Object.entries(value.members).sort(byName), value.note]);
export const same = (a: Slots, b: Slots): boolean =>
  [...new Set([...a.keys(), ...b.keys()])].every((slot) =>
    Array.from({ length: DAYS }, (_, n) => n).every(
      (n) => textOf(a.get(slot)?.[n] ?? null) === textOf(b.get(slot)?.[n] ?? null),
    ),
  );

/** What holds on a day: a text for each occurrence of each facet. */
export function answerOf({ slots }: Registration, n: number): string[] {
  return [...slots]
    .flatMap(([slot, values]) => (values[n] ? [`${slot.split(' ')[0]} ${textOf(values[n])}`] : []))
    .sort();
}
export const answerText = (
  facet: string,
  members: Record<string, unknown>,
  note: string | undefined,
): string => `${facet} ${textOf({ members, note })}`;

const misses = (slots: Slots): boolean => {
  const values = slots.get('egenskaber') ?? [];
  return (
    !values.some((value) => value !== null) ||
    values.some((value) => value !== null && value.members['brugervendtNoegle'] === undefined)
  );
};

export const isDead = ({ lifecycle }: Registration): boolean =>
  lifecycle === 'Passiveret' || lifecycle === 'Slettet';

/** Facets of which something else holds, on any day. */
export function differing(a: Slots, b: Slots): string[] {
  const facets = new Set([...a.keys(), ...b.keys()].map((slot) => slot.split(' ')[0]!));
  const only = (slots: Slots, facet: string) =>
    new Map([...slots].filter(([slot]) => slot.split(' ')[0] === facet));
  return [...facets].filter((facet) => !same(only(a, facet), only(b, facet)));
}

/** Facets of which anything holds. */
export const present = (slots: Slots): string[] => [
  ...new Set(
    [...slots]
      .filter(([, values]) => values.some((value) => value !== null))
      .map(([slot]) => slot.split(' ')[0]!),
  ),
];

const NOTHING: Slots = new Map();
const PRECONDITIONS = { held: null, stale: 412, none: 428 } as const;

/** What a command should come to: the next registration, a refusal's status, or null when it says nothing new. */
export function expectation(
  last: Registration,
  command: Command,
  isPhysical: boolean,
): Omit<Registration, 'number'> | number | null {
  const { kind, note, tidspunkt } = command;
  const { lifecycle, slots } = last;
  const dead = isDead(last);
  const isErased = lifecycle === 'Slettet' && isPhysical;
  const revives = dead && (kind === 'put' || kind === 'bulk');
  if (isErased && !revives) return 404;
  if (dead && !revives && !(kind === 'remove' && lifecycle === 'Passiveret')) return 409;
  const isFree = kind === 'bulk' || (revives && command.ifMatch === 'none');
  const unmet = isFree ? null : PRECONDITIONS[command.ifMatch];
  if (unmet !== null) return unmet;
  switch (kind) {
    case 'passivate':
      return { lifecycle: 'Passiveret', slots, note, tidspunkt: undefined };
    case 'remove':
      return { lifecycle: 'Slettet', slots: isPhysical ? NOTHING : slots, note, tidspunkt: undefined };
    case 'put':
    case 'bulk': {
      const next = lay(NOTHING, command.items, false);
      return { lifecycle: dead ? 'Importeret' : 'Rettet', slots: next, note, tidspunkt };
    }
    default: {
      const replaced = command.kind === 'erstat' ? command.facets : [];
      const kept = new Map([...slots].filter(([slot]) => !replaced.includes(slot.split(' ')[0]!)));
      const next = lay(kept, command.items, true);
      if (same(next, slots)) return null;
      const touches = command.items.some(({ slot }) => slot === 'egenskaber');
      return touches && misses(next) ? 422 : { lifecycle: 'Rettet', slots: next, note, tidspunkt };
    }
  }
}
