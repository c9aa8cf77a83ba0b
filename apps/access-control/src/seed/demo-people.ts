import { COMMON_OWNER, DEMO_CLIENTS, DEMO_OWNERS, LEVELS } from '@stoettesystemer/access';
import type { BulkItem, ObjectInput } from '@stoettesystemer/engine';
import { SERVICES } from '@stoettesystemer/model';
import { TEST_JOB_FUNCTIONS } from '../test-idp/test-employees';
import { testIdpPair } from '../test-idp/test-idp';
import { testIdpSystem } from '../test-idp/test-idp-system';
import { pointing, seeded, SINCE } from './body';
import { serviceUuid } from './catalogue';
import { DEMO_VENDOR } from './demo-names';
import { uuidFor } from './identity';
import { RESTRICTIONS } from './restriction-types';

type Seeded = Omit<BulkItem, 'line'>;

const { eksempelkoebing: TOWN, proevelev: OTHER } = DEMO_OWNERS;
const [OPEN, PERSONAL] = LEVELS;

/** Eksempelkøbing's role for Prøvelev's people, which Prøvelev says yes to. */
export const DEMO_DELEGATION = { uuid: uuidFor('delegation vagt'), owner: TOWN, receiver: OTHER } as const;

const userRole = (name: string) => uuidFor(`user role ${name}`);
const entityIdOf = (name: string) => `http://demo-app.test/roles/usersystemrole/${name}/1`;

interface UserRole {
  readonly navn: string;
  readonly beskrivelse: string;
  readonly privilegier: readonly string[];
  readonly carries?: readonly (keyof typeof RESTRICTIONS)[];
}

const reads = Object.values(SERVICES).flatMap(({ types }) =>
  types.flatMap(({ name }) => [`${name.toLowerCase()}:laes`, `${name.toLowerCase()}:historik`]),
);

const USER_ROLES: Readonly<Record<string, UserRole>> = {
  sagsbehandler: {
    navn: 'Sagsbehandler',
    beskrivelse: 'Ser og retter det, som rollen er afgrænset til.',
    privilegier: ['klasse:laes', 'sag:laes', 'sag:skriv', 'dokument:laes', 'dokument:skriv'],
    carries: ['kle', 'foelsomhed'],
  },
  enhed: {
    navn: 'Sagsbehandler i en enhed',
    beskrivelse: 'Ser det, som enheden og dem under den har.',
    privilegier: ['sag:laes', 'dokument:laes'],
    carries: ['orgenhed'],
  },
  laeser: { navn: 'Læser', beskrivelse: 'Læser uden at ændre.', privilegier: reads },
  administrator: {
    navn: 'Administrator',
    beskrivelse: 'Godkender serviceaftaler og laver jobfunktionsroller.',
    privilegier: [
      ...reads,
      ...['jobfunktionsrolle', 'foederationsaftale', 'delegation', 'serviceaftale'].map(
        (type) => `${type}:skriv`,
      ),
      'adgangsstyring:godkend',
      'adgangsstyring:godkend-rolle',
      'adgangsstyring:forklar',
    ],
  },
};

const userRoles = (): Seeded[] =>
  Object.entries(USER_ROLES).map(([name, { navn, beskrivelse, privilegier, carries = [] }]) =>
    seeded(
      'Brugersystemrolle',
      userRole(name),
      {
        egenskaber: {
          navn,
          beskrivelse,
          entityId: entityIdOf(name),
          privilegier,
          organisationCvr: DEMO_VENDOR,
        },
        ...(carries.length > 0
          ? {
              dataafgraensning: carries.map((each) => ({
                dataafgraensningstype: RESTRICTIONS[each],
                kraevet: true,
              })),
            }
          : {}),
      },
      {
        relationer: {
          brugervendtSystem: pointing(DEMO_CLIENTS['demo-app']!),
          service: Object.keys(SERVICES).map((prefix) => pointing(serviceUuid(prefix))),
        },
      },
    ),
  );

interface Limit {
  readonly type: keyof typeof RESTRICTIONS;
  readonly vaerdier?: readonly string[];
}

const jobFunction = (entityId: string, navn: string, role: string, limits: readonly Limit[] = []): Seeded =>
  seeded('Jobfunktionsrolle', uuidFor(`job function ${entityId}`), {
    egenskaber: { navn, entityId },
    rolle: { id: role, brugersystemrolle: userRole(role) },
    ...(limits.length > 0
      ? {
          afgraensning: limits.map(({ type, vaerdier }) => ({
            id: type === 'orgenhed' ? 'enhed' : type,
            rolleId: role,
            dataafgraensningstype: RESTRICTIONS[type],
            ...(vaerdier ? { vaerdier } : { dynamisk: true }),
          })),
        }
      : {}),
  });

/** The it-system that is a municipality's built-in IdP. */
export const idpUuid = (home: string) => uuidFor(`test idp ${home}`);

const federation = (home: string): Seeded =>
  seeded(
    'Foederationsaftale',
    uuidFor(`federation ${home}`),
    { egenskaber: { navn: 'Den indbyggede prøve-IdP' } },
    { tilstande: { status: 'Aktiv' }, relationer: { identityProvider: pointing(idpUuid(home)) } },
  );

const names = TEST_JOB_FUNCTIONS;

const ofTown = (): Seeded[] => [
  federation(TOWN),
  jobFunction(names.omsorg, 'Omsorg', 'sagsbehandler', [
    { type: 'kle', vaerdier: ['27.*'] },
    { type: 'foelsomhed', vaerdier: [PERSONAL] },
  ]),
  jobFunction(names.ydelser, 'Ydelser', 'sagsbehandler', [
    { type: 'kle', vaerdier: ['32.30.*'] },
    { type: 'foelsomhed', vaerdier: [OPEN] },
  ]),
  jobFunction(names.enhed, 'Egen enhed', 'enhed', [{ type: 'orgenhed' }]),
  jobFunction(names.laeser, 'Læser', 'laeser'),
  jobFunction(names.administrator, 'Administrator', 'administrator'),
  jobFunction(names.vagt, 'Tværkommunal vagt', 'sagsbehandler', [
    { type: 'kle', vaerdier: ['27.*'] },
    { type: 'foelsomhed', vaerdier: [OPEN] },
  ]),
  seeded(
    'Delegation',
    DEMO_DELEGATION.uuid,
    { egenskaber: { modtagerCvr: OTHER, begrundelse: 'Vagten deles om natten.' } },
    {
      tilstande: { status: 'Anmodet' },
      relationer: { jobfunktionsrolle: pointing(uuidFor(`job function ${names.vagt}`)) },
    },
  ),
];
const ofOther = (): Seeded[] => [
  federation(OTHER),
  jobFunction(names.proevelaeser, 'Læser', 'laeser'),
  jobFunction(names.proeveadministrator, 'Administrator', 'administrator'),
];

/** The made-up employees' IdPs and job functions, by the CVR that they are written for. */
export async function demoPeople(
  dataDir: string,
  externalUrl: string,
): Promise<[string, readonly Seeded[]][]> {
  const { certificate } = await testIdpPair(dataDir);
  const idp = (home: typeof TOWN | typeof OTHER, protocol: 'Saml' | 'Oidc'): Seeded => ({
    type: 'ItSystem',
    uuid: idpUuid(home),
    input: testIdpSystem({ externalUrl, home, protocol, certificate, from: SINCE.fra }) as ObjectInput,
  });
  return [
    [COMMON_OWNER, [idp(TOWN, 'Saml'), idp(OTHER, 'Oidc'), ...userRoles()]],
    [TOWN, ofTown()],
    [OTHER, ofOther()],
  ];
}
