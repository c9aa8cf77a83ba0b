import {
  audienceOf,
  COMMON_OWNER,
  type ConstraintName,
  dimensionsOf,
  type Verb,
} from '@stoettesystemer/access';
import type { BulkItem } from '@stoettesystemer/engine';
import { SERVICES, type ServiceOfOurs } from '@stoettesystemer/model';
import { type Declaration, GUARDS } from '@stoettesystemer/object';
import { pointing, seeded } from './body';
import { uuidFor } from './identity';
import { RESTRICTIONS, restrictionTypes } from './restriction-types';

type Seeded = Omit<BulkItem, 'line'>;

const VERBS: Readonly<Record<'laes' | 'rediger', readonly Verb[]>> = {
  laes: ['laes', 'historik'],
  rediger: ['laes', 'skriv', 'slet', 'importer', 'historik'],
};

export const serviceUuid = (prefix: string): string => uuidFor(`service ${prefix}`);
export const roleUuid = (prefix: string, role: string): string => uuidFor(`role ${prefix} ${role}`);

const privileges = (types: readonly { readonly name: string }[], verbs: readonly Verb[]): string[] =>
  types.flatMap(({ name }) => verbs.map((verb) => `${name.toLowerCase()}:${verb}`));

const named = (...names: readonly string[]) => names.map((name) => ({ name }));

const KEEPS = { Leverandoer: 'organisation', Anvendersystem: 'itsystem' } as const;

interface RoleWords {
  readonly navn: string;
  readonly beskrivelse: string;
  readonly privilegier: readonly string[];
  /** Left out: those that the service's objects have. */
  readonly restricted?: readonly string[];
  /** What it is always kept to: the vendor's organisation, or the system itself. */
  readonly keptTo?: 'Leverandoer' | 'Anvendersystem';
}

/** The roles that Adgangsstyring has beside reading and editing. */
const ADMINISTRATION: Readonly<Record<string, RoleWords>> = {
  leverandoer: {
    navn: 'Leverandør',
    beskrivelse: 'Registrerer egne it-systemer, services og roller, og beder myndigheder om serviceaftaler.',
    privilegier: [
      ...privileges(
        named('ItSystem', 'Service', 'Servicesystemrolle', 'Brugersystemrolle', 'Dataafgraensningstype'),
        VERBS.rediger,
      ),
      ...privileges(named('Serviceaftale'), ['laes', 'skriv', 'historik']),
      'adgangsstyring:anmod',
    ],
    restricted: [],
    keptTo: 'Leverandoer',
  },
  katalog: {
    navn: 'Opslag i kataloget',
    beskrivelse: 'Ser alle it-systemer, services, roller og dataafgrænsningstyper.',
    privilegier: privileges(
      named('ItSystem', 'Service', 'Servicesystemrolle', 'Brugersystemrolle', 'Dataafgraensningstype'),
      VERBS.laes,
    ),
    restricted: [],
  },
  myndighed: {
    navn: 'Myndighedens administration',
    beskrivelse:
      'Godkender og ophæver serviceaftaler, laver jobfunktionsroller, delegerer dem og vælger IdP for myndigheden.',
    privilegier: [
      ...privileges(
        named('ItSystem', 'Service', 'Servicesystemrolle', 'Brugersystemrolle', 'Dataafgraensningstype'),
        VERBS.laes,
      ),
      ...privileges(named('Serviceaftale'), ['laes', 'skriv', 'historik']),
      ...privileges(named('Jobfunktionsrolle', 'Foederationsaftale', 'Delegation'), VERBS.rediger),
      'adgangsstyring:godkend',
      'adgangsstyring:godkend-rolle',
      'adgangsstyring:tilbagekald',
      'adgangsstyring:forklar',
    ],
    restricted: [],
  },
  afgoerelser: {
    navn: 'Afgørelser om adgang',
    beskrivelse:
      'Spørger, hvad et it-system må i en service for en myndighed lige nu. Til tjenester, som leverer, uden at modtageren viser et token.',
    privilegier: ['adgangsstyring:afgoer'],
    restricted: [],
  },
};

/** The roles that Organisation has beside reading and editing. */
const ORGANISATION: Readonly<Record<string, RoleWords>> = {
  databeskyttelse: {
    navn: 'Organisation: databeskyttelse',
    beskrivelse: 'Anonymiserer personer og sletter enheder for altid. Det kan ikke fortrydes.',
    privilegier: [
      ...privileges(named('Person', 'OrganisationEnhed'), ['laes', 'slet', 'historik']),
      'organisation:anonymiser',
      'organisation:fysiskslet',
    ],
    restricted: GUARDS,
  },
};

/** The roles that Beskedfordeler has beside reading and editing. */
const MESSAGES: Readonly<Record<string, RoleWords>> = {
  send: {
    navn: 'Beskedfordeler: send',
    beskrivelse:
      'Sender beskeder på myndighedens vegne, af de nævnte beskedtyper og til de nævnte myndigheder.',
    privilegier: ['besked:skriv'],
    restricted: ['beskedtype', 'modtagermyndighed'],
  },
  modtag: {
    navn: 'Beskedfordeler: modtag',
    beskrivelse: 'Modtager beskeder til myndigheden, så følsomme og om de emner, som er nævnt.',
    privilegier: ['besked:laes'],
    restricted: ['beskedtype', 'foelsomhed', 'kle', 'afsendermyndighed'],
  },
  overblik: {
    navn: 'Beskedfordeler: overblik',
    beskrivelse: 'Ser myndighedens dueslag, abonnementer og værdilister, hvilket it-system de end tilhører.',
    privilegier: privileges(named('Dueslag', 'Abonnement', 'Vaerdiliste'), VERBS.laes),
    restricted: ['itsystem'],
  },
};

const role = (prefix: string, key: string, dimensions: readonly string[], words: RoleWords): Seeded => {
  const { navn, beskrivelse, privilegier, keptTo } = words;
  const isCrossing = prefix === 'adgangsstyring' && (keptTo !== undefined || key === 'katalog');
  const carries = (words.restricted ?? dimensions) as readonly ConstraintName[];
  return seeded(
    'Servicesystemrolle',
    roleUuid(prefix, key),
    {
      egenskaber: {
        navn,
        beskrivelse,
        entityId: `${audienceOf(prefix)}:rolle:${key}`,
        privilegier,
        organisationCvr: COMMON_OWNER,
        ...(isCrossing ? { tvaergaaende: true } : {}),
      },
      ...(carries.length > 0
        ? {
            dataafgraensning: carries.map((each) => ({
              dataafgraensningstype: RESTRICTIONS[each],
              kraevet: true,
            })),
          }
        : {}),
      ...(keptTo
        ? { fastAfgraensning: { dataafgraensningstype: RESTRICTIONS[KEEPS[keptTo]], kilde: keptTo } }
        : {}),
    },
    { relationer: { service: pointing(serviceUuid(prefix)) } },
  );
};

/** What is an it-system's own is for that system alone. */
const isOfSystems = ({ relations }: Declaration): boolean =>
  Object.values(relations).some(({ caller }) => caller);

function* service(prefix: string, { title, doc, types }: ServiceOfOurs): Generator<Seeded> {
  const ownOnly = types.some(isOfSystems);
  const dimensions = [...dimensionsOf(types)].filter((each) => !ownOnly || each !== 'itsystem');
  const kept = ownOnly ? ({ keptTo: 'Anvendersystem' } as const) : {};
  yield seeded('Service', serviceUuid(prefix), {
    egenskaber: {
      navn: title,
      beskrivelse: doc,
      entityId: audienceOf(prefix),
      version: '1',
      organisationCvr: COMMON_OWNER,
    },
  });
  yield role(prefix, 'laes', dimensions, {
    navn: `${title}: læs`,
    beskrivelse: `Læser og søger i ${title}, også i det, der var.`,
    privilegier: privileges(types, VERBS.laes),
    ...kept,
  });
  yield role(prefix, 'rediger', dimensions, {
    navn: `${title}: læs og ret`,
    beskrivelse: `Læser, opretter, retter og sletter i ${title}.`,
    privilegier: privileges(types, VERBS.rediger),
    ...kept,
  });
  yield role(prefix, 'sikkerhedslog', [], {
    navn: `${title}: sikkerhedslog`,
    beskrivelse: 'Ser, hvem der har set og ændret hvad på myndighedens vegne.',
    privilegier: [`${prefix}:sikkerhedslog`],
  });
}

/** What every installation has: støttesystemernes own services, their roles and the restrictions these can carry. */
export const catalogue = (): Seeded[] => [
  ...restrictionTypes(),
  ...Object.entries(SERVICES).flatMap(([prefix, ours]) => [...service(prefix, ours)]),
  ...Object.entries(ADMINISTRATION).map(([key, words]) => role('adgangsstyring', key, [], words)),
  ...Object.entries(MESSAGES).map(([key, words]) => role('beskedfordeler', key, [], words)),
  ...Object.entries(ORGANISATION).map(([key, words]) => role('organisation', key, [], words)),
];
