import type { Declaration } from '@stoettesystemer/object';
import { Journal } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { ObjectInput } from '../ask';
import { type Content, journal, KEEPERS, LEVELS, UNITS } from './journal';
import type { NaiveRow } from './naive-access';
import { anyone, asking, COMMON, OTHER, OWN, type TestStore } from './test-store';

/** An object of somebody, with what holds of it before, now and later, and what has become of it. */
export interface Row extends NaiveRow {
  readonly uuid: string;
  /** Of its present registration. */
  readonly number: number;
  /** Passive and deleted ones have a history, and events, and nothing more. */
  readonly isLive: boolean;
  /** Its events are to be read by nobody. */
  readonly isQuiet: boolean;
}

export const content: fc.Arbitrary<Content> = fc
  .record(
    {
      kle: fc.constantFrom(
        '27.18.02',
        '27.18.04',
        '27.36.00',
        '28.01.01',
        '32.30.04',
        '2.7',
        '270.1',
        '27',
        '27.',
        '',
      ),
      level: fc.constantFrom(...LEVELS),
      unit: fc.constantFrom(...UNITS),
      keeper: fc.constantFrom(...KEEPERS),
    },
    { requiredKeys: [] },
  )
  .map((each) => (each.kle === '' ? { ...each, kle: undefined } : each));

export interface Origin {
  readonly owner: string;
  readonly past: Content | null;
  readonly present: Content | null;
  readonly future: Content | null;
  readonly fate: 'live' | 'passive' | 'deleted';
  readonly isQuiet: boolean;
}
export const origin: fc.Arbitrary<Origin> = fc.record({
  owner: fc.constantFrom(OWN, OWN, OWN, OTHER, COMMON),
  past: fc.option(content),
  present: fc.option(content, { freq: 12 }),
  future: fc.option(content),
  fate: fc.constantFrom<Origin['fate']>('live', 'live', 'live', 'live', 'live', 'live', 'passive', 'deleted'),
  isQuiet: fc.nat(7).map((n) => n === 0),
});

const TIMES = [
  ['past', { fra: '2000-01-01T00:00:00Z', til: '2020-01-01T00:00:00Z' }],
  ['present', { fra: '2020-01-01T00:00:00Z', til: '2900-01-01T00:00:00Z' }],
  ['future', { fra: '2900-01-01T00:00:00Z' }],
] as const;

/** One request that says all of it. */
function inputOf(each: Origin): ObjectInput {
  type Items = Record<string, object[]>;
  const all: { attributter: Items; relationer: Items } = { attributter: {}, relationer: {} };
  for (const [when, virkning] of TIMES) {
    // It must have been something at some time.
    const held = when === 'past' ? (each.past ?? {}) : each[when];
    if (held === null) continue;
    const said = journal(held);
    for (const section of ['attributter', 'relationer'] as const)
      for (const [facet, items] of Object.entries(said[section] ?? {}))
        (all[section][facet] ??= []).push(...items.map((item) => ({ ...item, virkning })));
  }
  return all as ObjectInput;
}

export async function makeRow({ store }: TestStore, each: Origin): Promise<Row> {
  const { owner, fate, isQuiet, present } = each;
  const type: Declaration = Journal;
  const ask = () => asking(anyone(owner), { quiet: isQuiet });
  const { uuid } = await store.create(ask(), type, inputOf(each));
  if (fate === 'passive') await store.passivate(ask(), type, uuid, 1);
  if (fate === 'deleted') await store.remove(ask(), type, uuid, 1);
  const isLive = fate === 'live';
  return { uuid, owner, content: present ?? {}, number: isLive ? 1 : 2, isLive, isQuiet };
}
