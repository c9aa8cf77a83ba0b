import { join } from 'node:path';
import {
  COMMON_OWNER,
  type ConstraintName,
  type ConstraintValue,
  DEMO_CLIENTS,
  DEMO_OWNERS,
  DEMO_SYSTEMS,
  privateKeyIn,
  publicHalf,
} from '@stoettesystemer/access';
import type { BulkItem } from '@stoettesystemer/engine';
import { SERVICES } from '@stoettesystemer/model';
import { pointing, seeded } from './body';
import { roleUuid, serviceUuid } from './catalogue';
import { DEMO_VENDOR } from './demo-names';
import { uuidFor } from './identity';
import { RESTRICTIONS } from './restriction-types';

type Seeded = Omit<BulkItem, 'line'>;

/** Where the demo systems' private keys are; made at the first start, for nobody else to read. */
export const demoKeyFile = (dataDir: string, system: string): string =>
  join(dataDir, 'demo', `${system}.jwk`);

interface Given {
  readonly prefix: string;
  readonly role: string;
  readonly limits: Readonly<Record<string, ConstraintValue>>;
}

interface DemoParty {
  readonly uuid: string;
  readonly navn: string;
  readonly beskrivelse: string;
  readonly organisation: string;
  /** Whom it has agreements with, and what these give. */
  readonly owners: readonly string[];
  readonly given: readonly Given[];
  /** Where a user who has logged in is sent back to. */
  readonly redirect?: string;
}

const services = Object.entries(SERVICES);

/** What the tests' issuer gives a demo system, as roles. */
const asRoles = (system: string): Given[] =>
  services.flatMap(([prefix, { types, passing = [] }]): Given[] => {
    const { rightsTo } = DEMO_SYSTEMS[system]!;
    const { verbs, constraints } = rightsTo(types);
    const role = verbs.includes('skriv') ? 'rediger' : 'laes';
    // What is a system's own its role is kept to, and its agreement says nothing of it.
    const { itsystem, ...others } = constraints;
    const limits = itsystem === undefined || itsystem === '*' ? constraints : others;
    return [
      { prefix, role, limits },
      ...(passing.length > 0 ? messageRoles(rightsTo(passing).constraints) : []),
    ];
  });

const MESSAGE_ROLES = {
  send: ['beskedtype', 'modtagermyndighed'],
  modtag: ['beskedtype', 'foelsomhed', 'kle', 'afsendermyndighed'],
} as const;

const messageRoles = (limits: Given['limits']): Given[] =>
  Object.entries(MESSAGE_ROLES).map(([role, names]) => ({
    prefix: 'beskedfordeler',
    role,
    limits: Object.fromEntries(names.map((name) => [name, limits[name]!])),
  }));

/** Made-up systems that a developer tries things with. */
export const DEMO_PARTIES: Readonly<Record<string, DemoParty>> = {
  'demo-fagsystem': {
    uuid: DEMO_CLIENTS['demo-fagsystem']!,
    navn: 'demo-fagsystem',
    beskrivelse: 'Må alt i alle services, for begge demokommuner.',
    organisation: DEMO_VENDOR,
    owners: Object.values(DEMO_OWNERS),
    given: asRoles('demo-fagsystem'),
  },
  'demo-begraenset': {
    uuid: DEMO_CLIENTS['demo-begraenset']!,
    navn: 'demo-begraenset',
    beskrivelse:
      'Afgrænset til KLE 27.* og fortrolige personoplysninger, ser navne, men ikke CPR-numre, og kun for Eksempelkøbing.',
    organisation: DEMO_VENDOR,
    owners: [DEMO_OWNERS.eksempelkoebing],
    given: asRoles('demo-begraenset'),
  },
  'demo-faelles': {
    uuid: DEMO_CLIENTS['demo-faelles']!,
    navn: 'demo-faelles',
    beskrivelse: 'Handler for den fælles organisation.',
    organisation: COMMON_OWNER,
    owners: [COMMON_OWNER],
    given: asRoles('demo-faelles'),
  },
  'demo-leverandoer': {
    uuid: DEMO_CLIENTS['demo-leverandoer']!,
    navn: 'demo-leverandoer',
    beskrivelse: 'Demoleverandørens eget system: registrerer it-systemer og beder om serviceaftaler.',
    organisation: DEMO_VENDOR,
    owners: [COMMON_OWNER],
    given: [
      { prefix: 'adgangsstyring', role: 'leverandoer', limits: {} },
      { prefix: 'adgangsstyring', role: 'katalog', limits: {} },
    ],
  },
  'demo-app': {
    uuid: DEMO_CLIENTS['demo-app']!,
    navn: 'demo-app',
    beskrivelse: 'Demoleverandørens program, som medarbejdere logger ind i.',
    organisation: DEMO_VENDOR,
    owners: Object.values(DEMO_OWNERS),
    given: [...asRoles('demo-fagsystem'), { prefix: 'adgangsstyring', role: 'myndighed', limits: {} }],
    redirect: 'http://127.0.0.1:3999/retur',
  },
  'demo-beskedfordeler': {
    uuid: DEMO_CLIENTS['demo-beskedfordeler']!,
    navn: 'demo-beskedfordeler',
    beskrivelse: 'Beskedfordeleren selv: spørger, hvad modtagerne må, når den leverer.',
    organisation: COMMON_OWNER,
    owners: [COMMON_OWNER],
    given: [{ prefix: 'adgangsstyring', role: 'afgoerelser', limits: {} }],
  },
  'demo-registre': {
    uuid: DEMO_CLIENTS['demo-registre']!,
    navn: 'demo-registre',
    beskrivelse: 'Registrene selv: sender det, der sker i dem, gennem Beskedfordeleren.',
    organisation: COMMON_OWNER,
    owners: [COMMON_OWNER, ...Object.values(DEMO_OWNERS)],
    given: [{ prefix: 'beskedfordeler', role: 'send', limits: { beskedtype: '*', modtagermyndighed: '*' } }],
  },
  'demo-kommune': {
    uuid: DEMO_CLIENTS['demo-kommune']!,
    navn: 'demo-kommune',
    beskrivelse:
      'Demokommunernes administration: godkender serviceaftaler, laver jobfunktionsroller og anonymiserer personer.',
    organisation: COMMON_OWNER,
    owners: Object.values(DEMO_OWNERS),
    given: [
      { prefix: 'adgangsstyring', role: 'myndighed', limits: {} },
      { prefix: 'organisation', role: 'databeskyttelse', limits: { 'secpr-nummer': 'ja', senavn: 'ja' } },
      { prefix: 'beskedfordeler', role: 'overblik', limits: { itsystem: '*' } },
      ...services.map(([prefix]) => ({ prefix, role: 'sikkerhedslog', limits: {} })),
    ],
  },
};

const NAMES: Readonly<Record<string, string>> = {
  [DEMO_VENDOR]: 'Demoleverandøren',
  [COMMON_OWNER]: 'Den fælles organisation',
};

async function system(party: DemoParty, dataDir: string): Promise<Seeded> {
  const { uuid, navn, beskrivelse, organisation, redirect } = party;
  const key = publicHalf(await privateKeyIn(demoKeyFile(dataDir, navn)));
  return seeded(
    'ItSystem',
    uuid,
    {
      egenskaber: {
        navn,
        beskrivelse,
        organisationCvr: organisation,
        organisationNavn: NAMES[organisation] ?? organisation,
        rollepostkasse: `${navn}@example.dk`,
        vilkaarAccepteret: true,
      },
      systemtype: [
        { navn: 'Anvendersystem' },
        ...(redirect === undefined ? [] : [{ navn: 'BrugervendtSystem' }]),
      ],
      ...(redirect === undefined ? {} : { brugervendt: { omdirigering: [redirect] } }),
      noegle: { kid: key.kid, brug: 'Token', jwk: JSON.stringify(key) },
    },
    { tilstande: { tilstand: 'Aktiv' } },
  );
}

/** Test agreements: they need nobody's yes, and count only in profile `udvikling`. */
const agreement = (party: DemoParty, owner: string): Seeded => {
  const limits = party.given.flatMap(({ prefix, role, limits: each }) =>
    Object.entries(each).map(([dimension, value]) => ({
      id: `${prefix}-${role}-${dimension}`,
      rolleId: `${prefix}-${role}`,
      dataafgraensningstype: RESTRICTIONS[dimension as ConstraintName],
      vaerdier: [value].flat(),
    })),
  );
  return seeded(
    'Serviceaftale',
    uuidFor(`agreement ${party.navn} ${owner}`),
    {
      egenskaber: {
        navn: `${party.navn}`,
        formaal: 'At prøve støttesystemerne.',
        aftaletype: 'Test',
        leverandoerCvr: party.organisation,
        version: 1,
      },
      rolle: party.given.map(({ prefix, role }) => ({
        id: `${prefix}-${role}`,
        servicesystemrolle: roleUuid(prefix, role),
      })),
      ...(limits.length > 0 ? { afgraensning: limits } : {}),
    },
    {
      tilstande: { status: 'Aktiv' },
      relationer: {
        anvendersystem: pointing(party.uuid),
        service: [...new Set(party.given.map(({ prefix }) => prefix))].map((prefix) =>
          pointing(serviceUuid(prefix)),
        ),
      },
    },
  );
};

/** The demo municipality's systems and agreements, by the CVR that they are written for. */
export async function demo(dataDir: string): Promise<ReadonlyMap<string, readonly Seeded[]>> {
  const parties = Object.values(DEMO_PARTIES);
  const systems = await Promise.all(parties.map((party) => system(party, dataDir)));
  const agreements = parties.flatMap((party) =>
    party.owners.map((owner) => [owner, agreement(party, owner)] as const),
  );
  const owners = new Set(agreements.map(([owner]) => owner));
  return new Map([
    [COMMON_OWNER, systems],
    ...[...owners].map((owner): [string, Seeded[]] => [
      owner,
      [
        ...(owner === COMMON_OWNER ? systems : []),
        ...agreements.flatMap(([of, item]) => (of === owner ? [item] : [])),
      ],
    ]),
  ]);
}
