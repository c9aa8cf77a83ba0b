import { randomUUID } from 'node:crypto';
import { type Declaration, define, formatInstant, parseInstant } from '@stoettesystemer/object';
import { callerOf, Ting } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { Ask, FormerRegistration } from '../ask';
import type { ObjectStore } from '../object-store';
import { lay, type Registration } from './model';
import { inputOf, type Item, type Remark, whole } from './model-items';
import { asking, OWN } from './test-store';

/** The same, gone for good when it is deleted. */
export const Kasse = define({ ...Ting, name: 'Kasse', path: 'kasser', deletion: 'physical' });
export const TYPES = [Ting, Kasse] as const;
const caller = callerOf({ service: 'proeve', owner: OWN, types: TYPES });
export const ask = (more: Partial<Ask> = {}): Ask => asking(caller, more);

export const remark: fc.Arbitrary<Remark> = fc.record({
  note: fc.option(fc.constantFrom('rettet efter klage', '\u00e6ndret'), { nil: undefined }),
  tidspunkt: fc.option(fc.constantFrom('2021-05-01T12:00:00.5Z', '2022-01-01T00:00:00Z'), { nil: undefined }),
});

interface State extends Remark {
  readonly items: Item[];
  /** In a history: what is done to it next, where that may be. */
  readonly step: 'Rettet' | 'Passiveret' | 'Slettet';
}

/** How an object comes to be. */
export interface Birth {
  readonly how: 'create' | 'put' | 'bulk' | 'history';
  readonly isPhysical: boolean;
  /** Its first registration; of a history all of them. */
  readonly states: State[];
}

const state: fc.Arbitrary<State> = fc
  .tuple(whole, remark, fc.constantFrom('Rettet', 'Rettet', 'Passiveret', 'Slettet'))
  .map(([items, said, step]) => ({ items, step, ...said }) as State);

export const birth: fc.Arbitrary<Birth> = fc.record({
  how: fc.constantFrom('create', 'put', 'bulk', 'history', 'history'),
  isPhysical: fc.boolean(),
  states: fc.array(state, { minLength: 1, maxLength: 5 }),
});

/** The step that may be taken (contract \u00a73): what has ended can only begin again, or be deleted after all. */
function lawful(former: string | undefined, step: State['step'], isPhysical: boolean): string {
  if (former === undefined) return 'Importeret';
  const wished = step === 'Slettet' && isPhysical ? 'Passiveret' : step;
  if (former === 'Slettet') return 'Importeret';
  return former !== 'Passiveret' || wished === 'Slettet' ? wished : 'Importeret';
}

/** What the model knows of a new object. */
export function registrationsOf({ how, isPhysical, states }: Birth): Registration[] {
  const registrations: Registration[] = [];
  for (const { items, step, note, tidspunkt } of how === 'history' ? states : states.slice(0, 1))
    registrations.push({
      number: registrations.length + 1,
      lifecycle: how === 'create' ? 'Opstaaet' : lawful(registrations.at(-1)?.lifecycle, step, isPhysical),
      slots: lay(new Map(), items, false),
      note,
      tidspunkt,
    });
  return registrations;
}

const BEGUN = parseInstant('2019-01-01T00:00:00Z')!;

/** Makes it in the engine. */
export async function make(
  store: ObjectStore,
  type: Declaration,
  { how, states }: Birth,
  registrations: readonly Registration[],
): Promise<string> {
  const uuid = randomUUID();
  const input = inputOf(states[0]!.items, states[0]);
  if (how === 'create') return (await store.create(ask(), type, input)).uuid;
  if (how === 'put') await store.put(ask(), type, uuid, input, null);
  else {
    const history = registrations.map(({ lifecycle }, n): FormerRegistration => ({
      ...inputOf(states[n]!.items, states[n]),
      fra: formatInstant(BEGUN + BigInt(n)),
      livscyklus: lifecycle,
    }));
    const item = { line: 1, type: type.name, uuid, input };
    const [result] = await store.bulk(ask(), [how === 'bulk' ? item : { ...item, history }]);
    expect(result).toMatchObject({ outcome: 'oprettet', status: 201 });
  }
  return uuid;
}
