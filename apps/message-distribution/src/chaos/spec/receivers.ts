import type { PrivilegeGroup } from '@stoettesystemer/access';
import { OTHER_TOWN, TOWN } from '../../spec/receiver';
import type { ReceiverWish, Sent } from './journal';

/** Of municipalities that do not exist. */
export const TOWNS = [TOWN, OTHER_TOWN, '11223344'] as const;

/** It-systems: one sends, one receives all that its municipality may have, and one only a part of it. */
export const SYSTEMS = {
  sender: 'ca050000-0000-4000-8000-000000000001',
  whole: 'ca050000-0000-4000-8000-000000000002',
  part: 'ca050000-0000-4000-8000-000000000003',
} as const;

const ALL = { beskedtype: '*', kle: '*', foelsomhed: '*', afsendermyndighed: '*' } as const;
const PART = { ...ALL, kle: ['27.*'], foelsomhed: 'FORTROLIGE_PERSONOPLYSNINGER' } as const;
const mayHavePart = ({ opgaveemne, foelsomhed }: Sent): boolean =>
  String(opgaveemne).startsWith('27.') && foelsomhed !== 'FOELSOMME_PERSONOPLYSNINGER';

const OWN = ['dueslag:laes', 'dueslag:skriv', 'abonnement:laes', 'abonnement:skriv'];

/** What each system's service agreement gives it. */
export function agreementOf(system: string): readonly PrivilegeGroup[] {
  if (system === SYSTEMS.sender)
    return [
      { kind: 'system', privileges: ['besked:skriv'], constraints: { ...ALL, modtagermyndighed: '*' } },
    ];
  return [
    { kind: 'system', privileges: OWN, constraints: { itsystem: [system] } },
    { kind: 'system', privileges: ['besked:laes'], constraints: system === SYSTEMS.part ? PART : ALL },
  ];
}

export type Way = 'hent' | 'push' | 'amqp';
export interface Receiving extends ReceiverWish {
  readonly system: string;
  readonly way: Way;
}

const receiving = (town: string, kind: 'whole' | 'part', way: Way): Receiving => ({
  name: `${town} ${kind.padEnd(5)} ${way}`,
  town,
  way,
  system: SYSTEMS[kind],
  mayHave: kind === 'whole' ? () => true : mayHavePart,
});

const WAYS = ['hent', 'push', 'amqp'] as const;
export const RECEIVERS: readonly Receiving[] = [
  ...WAYS.map((way) => receiving(TOWNS[0], 'whole', way)),
  ...WAYS.map((way) => receiving(TOWNS[0], 'part', way)),
  ...WAYS.map((way) => receiving(TOWNS[1], 'whole', way)),
  receiving(TOWNS[2], 'part', 'hent'),
];
