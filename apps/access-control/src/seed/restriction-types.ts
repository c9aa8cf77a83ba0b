import { COMMON_OWNER, type ConstraintName, LEVELS } from '@stoettesystemer/access';
import { seeded } from './body';
import { uuidFor } from './identity';

/** The names that the municipalities' tools already know; ours where there is none. */
export const RESTRICTIONS: Readonly<Record<ConstraintName, string>> = {
  kle: 'http://sts.kombit.dk/constraints/KLE/1',
  foelsomhed: 'http://sts.kombit.dk/constraints/foelsomhed/1',
  orgenhed: 'http://sts.kombit.dk/constraints/orgenhed/1',
  itsystem: 'http://sts.kombit.dk/constraints/itsystem/1',
  organisation: 'urn:stoettesystemerne:dataafgraensning:organisation',
  beskedtype: 'urn:stoettesystemerne:dataafgraensning:beskedtype',
  afsendermyndighed: 'urn:stoettesystemerne:dataafgraensning:afsendermyndighed',
  modtagermyndighed: 'urn:stoettesystemerne:dataafgraensning:modtagermyndighed',
  'secpr-nummer': 'http://sts.kombit.dk/constraints/secpr-nummer/1',
  senavn: 'http://sts.kombit.dk/constraints/senavn/1',
};

interface Words {
  readonly navn: string;
  readonly beskrivelse: string;
  readonly vaerditype: string;
  readonly regulaertUdtryk?: string;
  readonly vaerdi?: readonly { readonly vaerdi: string; readonly navn: string }[];
}

/** Whether or not; `*` is what one who may everything is given. */
const YES_OR_NO = [
  { vaerdi: 'ja', navn: 'Ja' },
  { vaerdi: 'nej', navn: 'Nej' },
  { vaerdi: '*', navn: 'Ja, alle' },
];

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

const WORDS: Readonly<Record<ConstraintName, Words>> = {
  kle: {
    navn: 'KLE',
    beskrivelse: 'Emner i KLE: 27.18.02, alt under 27.18.* eller 27.*, eller * for alle.',
    vaerditype: 'TEXT',
    regulaertUdtryk: '\\*|\\d\\d\\.\\*|\\d\\d\\.\\d\\d\\.\\*|\\d\\d\\.\\d\\d\\.\\d\\d',
  },
  foelsomhed: {
    navn: 'Følsomhed',
    beskrivelse: 'Det højeste niveau; det rummer dem under sig.',
    vaerditype: 'SINGLE',
    vaerdi: [
      ...[
        'Ikke fortrolige data',
        'Fortrolige personoplysninger',
        'Følsomme personoplysninger',
        'VIP-sager',
      ].map((navn, at) => ({ vaerdi: LEVELS[at]!, navn })),
      { vaerdi: '*', navn: 'Alle' },
    ],
  },
  orgenhed: {
    navn: 'Organisatorisk enhed',
    beskrivelse: 'Enheder ved UUID; med /* også dem, der ligger under. * er alle.',
    vaerditype: 'TEXT',
    regulaertUdtryk: `\\*|${UUID}(/\\*)?`,
  },
  itsystem: { navn: 'It-system', beskrivelse: 'It-systemer ved UUID.', vaerditype: 'ITSYSTEM_MULTI' },
  organisation: {
    navn: 'Organisation',
    beskrivelse: 'Den organisation, som har registreret det, ved CVR-nummer.',
    vaerditype: 'TEXT',
    regulaertUdtryk: '\\*|[1-9]\\d{7}',
  },
  beskedtype: {
    navn: 'Beskedtype',
    beskrivelse: 'Klasserne for det, som beskeder handler om, ved UUID. * er alle.',
    vaerditype: 'TEXT',
    regulaertUdtryk: `\\*|${UUID}`,
  },
  afsendermyndighed: {
    navn: 'Afsendermyndighed',
    beskrivelse:
      'Myndigheder, som beskeder må komme fra, ved CVR-nummer; egen myndighed nævnes også. * er alle.',
    vaerditype: 'TEXT',
    regulaertUdtryk: '\\*|[1-9]\\d{7}',
  },
  modtagermyndighed: {
    navn: 'Modtagermyndighed',
    beskrivelse:
      'Myndigheder, som beskeder må sendes til, ved CVR-nummer; egen myndighed nævnes også. * er alle.',
    vaerditype: 'TEXT',
    regulaertUdtryk: '\\*|[1-9]\\d{7}',
  },
  'secpr-nummer': {
    navn: 'Se CPR-nummer',
    beskrivelse: 'Om CPR-numre vises, og om der kan søges på dem. Uden er de null.',
    vaerditype: 'SINGLE',
    vaerdi: YES_OR_NO,
  },
  senavn: {
    navn: 'Se navn',
    beskrivelse: 'Om personers navne vises, og om der kan søges på dem. Uden er de null.',
    vaerditype: 'SINGLE',
    vaerdi: YES_OR_NO,
  },
};

/** What støttesystemernes own objects can be judged by, and what can be shown of them. */
export const restrictionTypes = () =>
  (Object.keys(WORDS) as ConstraintName[]).map((dimension) => {
    const { vaerdi, ...words } = WORDS[dimension];
    return seeded('Dataafgraensningstype', uuidFor(`restriction ${dimension}`), {
      egenskaber: {
        ...words,
        entityId: RESTRICTIONS[dimension],
        faelles: true,
        dimension,
        organisationCvr: COMMON_OWNER,
      },
      ...(vaerdi ? { vaerdi } : {}),
    });
  });
