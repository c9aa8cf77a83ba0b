import { FUNCTION_TYPES } from '@stoettesystemer/model';
import type { Law } from './law';

/** Least and most. */
type Amount = readonly [least: 0 | 1, most: 0 | 1 | typeof ANY_NUMBER];
const ANY_NUMBER = 1_000_000;
const ONE: Amount = [1, 1];
const SOME: Amount = [1, ANY_NUMBER];
const NONE: Amount = [0, 0];

const NOUNS = {
  funktionstype: ['type', 'én funktionstype', 'funktionstyper'],
  tilknyttedeEnheder: ['enhed', 'én enhed', 'enheder'],
  tilknyttedeBrugere: ['bruger', 'én bruger', 'brugere'],
  tilknyttedeItSystemer: ['itsystem', 'ét it-system', 'it-systemer'],
  tilknyttedeOrganisationer: ['organisation', 'én organisation', 'organisationer'],
  opgaver: ['opgave', 'én opgave i KLE', 'opgaver i KLE'],
} as const;
type Counted = keyof typeof NOUNS;

export const COUNTED = Object.keys(NOUNS) as readonly Counted[];

interface Pattern {
  readonly regel: Law['regel'];
  readonly navn: string;
  /** Null: whatever the function is. */
  readonly types: readonly string[] | null;
  readonly amounts: Partial<Record<Counted, Amount>>;
}

const { enhedsrolle, lederrolle, udbetalendeEnhed, henvendelsessted, systemrolle } = FUNCTION_TYPES;

/** What each type of function must, may and must not point at; what is not named it may. */
const PATTERNS: readonly Pattern[] = [
  {
    regel: '2',
    navn: 'En funktion',
    types: null,
    amounts: { funktionstype: ONE, tilknyttedeOrganisationer: ONE },
  },
  {
    regel: '2',
    navn: 'En enhedsrolle eller lederrolle',
    types: [enhedsrolle, lederrolle],
    amounts: { tilknyttedeEnheder: ONE, tilknyttedeItSystemer: NONE },
  },
  {
    regel: '3',
    navn: 'En udbetalende enhed',
    types: [udbetalendeEnhed],
    amounts: { tilknyttedeEnheder: ONE },
  },
  {
    regel: '4',
    navn: 'Et henvendelsessted',
    types: [henvendelsessted],
    amounts: { tilknyttedeEnheder: ONE, opgaver: SOME },
  },
  {
    regel: '6',
    navn: 'En systemrolle',
    types: [systemrolle],
    amounts: { tilknyttedeEnheder: SOME, tilknyttedeItSystemer: SOME, tilknyttedeBrugere: NONE },
  },
];

/** How many of a facet an active function of one of the types has at any time. */
export interface Demand {
  readonly types: readonly string[] | null;
  readonly facet: Counted;
  readonly least: number;
  readonly most: number;
  readonly law: Law;
}

const wish = ([least, most]: Amount, one: string, many: string): string =>
  most === 0 ? `må ikke pege på ${many}` : `skal pege på ${least === most ? 'præcis' : 'mindst'} ${one}`;

export const DEMANDS: readonly Demand[] = PATTERNS.flatMap(({ regel, navn, types, amounts }) =>
  (Object.entries(amounts) as [Counted, Amount][]).map(([facet, amount]) => {
    const [short, one, many] = NOUNS[facet];
    const law: Law = {
      kode: `regel_${regel}_${short}`,
      regel,
      niveau: 'regel',
      sti: `/relationer/${facet}`,
      besked: `${navn} ${wish(amount, one, many)}.`,
    };
    return { types, facet, least: amount[0], most: amount[1], law };
  }),
);
