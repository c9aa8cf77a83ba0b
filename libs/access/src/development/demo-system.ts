import type { Declaration } from '@stoettesystemer/object';
import { COMMON_OWNER, type ConstraintValue, type Verb } from '../caller';
import { dimensionsOf } from '../token/privileges';

/** Two municipalities that do not exist, under numbers that no organisation can have. */
export const DEMO_OWNERS = { eksempelkoebing: '12345678', proevelev: '87654321' } as const;

/** A unit of Eksempelkøbing, whose leader sees it and all under it. */
export const DEMO_UNIT = 'e3300000-0000-4000-8000-0000000000f1';

/** A made-up employee's UUID at the IdP, and as a user in Organisation. */
export const demoEmployee = (number: number): string =>
  `e3300000-0000-4000-8000-${String(number).padStart(12, '0')}`;

interface Rights {
  readonly verbs: readonly Verb[];
  readonly constraints: Readonly<Record<string, ConstraintValue>>;
}

/** A made-up it-system, and what its service agreements would say. */
export interface DemoSystem {
  readonly uuid: string;
  /** Municipalities that it may act for. */
  readonly owners: readonly string[];
  rightsTo(types: readonly Declaration[]): Rights;
  /** Whether it may look in the security log. */
  readonly seesLog?: true;
}

const ALL_VERBS: readonly Verb[] = ['laes', 'skriv', 'slet', 'importer', 'historik'];

/** Each system sees its own of them and no other's. */
const areOfSystems = (types: readonly Declaration[]): boolean =>
  types.some(({ relations }) => Object.values(relations).some(({ caller }) => caller));

/** "All" is said, not left out (A7). */
const everything = (types: readonly Declaration[], uuid: string): Record<string, ConstraintValue> => ({
  ...Object.fromEntries([...dimensionsOf(types)].map((dimension) => [dimension, '*'])),
  ...(areOfSystems(types) ? { itsystem: [uuid] } : {}),
});

const LIMITS: Readonly<Record<string, ConstraintValue>> = {
  kle: ['27.*'],
  foelsomhed: 'FORTROLIGE_PERSONOPLYSNINGER',
  'secpr-nummer': 'nej',
  senavn: 'ja',
};

const unlimited =
  (uuid: string) =>
  (types: readonly Declaration[]): Rights => ({ verbs: ALL_VERBS, constraints: everything(types, uuid) });

const FAGSYSTEM = 'd3300000-0000-4000-8000-000000000001';
const BEGRAENSET = 'd3300000-0000-4000-8000-000000000002';
const FAELLES = 'd3300000-0000-4000-8000-000000000003';

export const DEMO_SYSTEMS: Readonly<Record<string, DemoSystem>> = {
  'demo-fagsystem': {
    uuid: FAGSYSTEM,
    owners: Object.values(DEMO_OWNERS),
    rightsTo: unlimited(FAGSYSTEM),
    seesLog: true,
  },
  /** Restricted where the service has something to restrict by; elsewhere it reads. */
  'demo-begraenset': {
    uuid: BEGRAENSET,
    owners: [DEMO_OWNERS.eksempelkoebing],
    rightsTo: (types) => {
      const known: ReadonlySet<string> = dimensionsOf(types);
      const limits = Object.entries(LIMITS).filter(([dimension]) => known.has(dimension));
      const all = everything(types, BEGRAENSET);
      return limits.length > 0
        ? { verbs: ALL_VERBS, constraints: { ...all, ...Object.fromEntries(limits) } }
        : { verbs: areOfSystems(types) ? ALL_VERBS : ['laes', 'historik'], constraints: all };
    },
  },
  'demo-faelles': {
    uuid: FAELLES,
    owners: [COMMON_OWNER],
    rightsTo: unlimited(FAELLES),
  },
};

/** Every made-up it-system that a token can be had for by the command line, with its UUID. */
export const DEMO_CLIENTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(DEMO_SYSTEMS).map(([name, { uuid }]) => [name, uuid])),
  'demo-leverandoer': 'd3300000-0000-4000-8000-000000000004',
  'demo-kommune': 'd3300000-0000-4000-8000-000000000005',
  'demo-app': 'd3300000-0000-4000-8000-000000000006',
  'demo-beskedfordeler': 'd3300000-0000-4000-8000-000000000007',
  'demo-registre': 'd3300000-0000-4000-8000-000000000008',
};
