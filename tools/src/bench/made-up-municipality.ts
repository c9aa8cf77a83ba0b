import type { ObjectInput } from '@stoettesystemer/engine';
import { FUNCTION_TYPES } from '@stoettesystemer/model';
import { uuidOf } from './made-up-thing';

/** How many there are of each. Every person has one user; what is no post of theirs is among the functions too. */
export interface MunicipalitySize {
  readonly units: number;
  readonly people: number;
  readonly functions: number;
}

/** As large as a municipality gets. */
export const LARGE: MunicipalitySize = { units: 3_000, people: 20_000, functions: 60_000 };

const KINDS = ['organisation', 'unit', 'function', 'user', 'person', 'address', 'system', 'subject'] as const;
type Kind = (typeof KINDS)[number];

/** The UUID of the nth of a kind, known without asking. */
export const uuidIn = (kind: Kind, n: number): string => uuidOf(100_000_000 * (KINDS.indexOf(kind) + 1) + n);

const ALWAYS = { fra: '2015-01-01T00:00:00Z', til: null };
type Period = Readonly<Record<'fra', string> & Record<'til', string | null>>;
type Item = Readonly<Record<string, unknown>>;

const [AFDELING, TEAM] = ['16bf18c3-ed6f-44b0-b7a1-35f94984e519', '2d9710bf-e9cc-465f-8ec7-46d5f2a64412'];
const [TOP, FANOUT] = [12, 8];
const NAMES = ['Børn og unge', 'Social', 'Teknik og miljø', 'Borgerservice', 'Sundhed', 'Skole', 'Kultur'];
const TITLES = ['Sagsbehandler', 'Pædagog', 'Socialrådgiver', 'Ingeniør', 'Lærer', 'Sygeplejerske', 'Pedel'];
const SYSTEMS = 20;
/** One unit that has very many. */
const CROWDED = 7;
const COUNTS = { paying: 60, offices: 300, systemUses: 240 };

const two = (n: number): string => String(n).padStart(2, '0');

/** The unit above; null for the root. Twelve stand under the root, and eight under each of the others as far as they go. */
export const parentOf = (unit: number): number | null =>
  unit === 0 ? null : unit <= TOP ? 0 : Math.floor((unit - TOP - 1) / FANOUT) + 1;

const subjectAt = (n: number): string => {
  const group = two(n % 40);
  return n % 10 === 0
    ? group
    : n % 3 === 0
      ? `${group}.${two(n % 20)}`
      : `${group}.${two(n % 20)}.${two(n % 7)}`;
};
/** The subjects of KLE that a unit answers for. */
export const subjectsOf = (unit: number): readonly string[] => [
  ...new Set(Array.from({ length: unit % 4 }, (_, n) => subjectAt(unit * 7 + n * 13))),
];

const pointing = (uuid: string, period: Period = ALWAYS, more: Item = {}) => ({
  virkning: period,
  ...more,
  reference: { uuid },
});
const task = (number: string) =>
  pointing(uuidIn('subject', Number(number.replaceAll('.', '').padEnd(6, '0'))), ALWAYS, {
    rolle: 'Ansvarlig',
    kleNummer: number,
  });

/** In use over the period, and then no more. */
const inUse = ({ fra, til }: Period) => ({
  gyldighed: [
    { virkning: { fra, til }, vaerdi: 'Aktiv' },
    ...(til === null ? [] : [{ virkning: { fra: til, til: null }, vaerdi: 'Inaktiv' }]),
  ],
});
const named = (key: string, more: Item, fra = ALWAYS.fra) => ({
  egenskaber: [{ virkning: { fra, til: null }, brugervendtNoegle: key, ...more }],
});
const belongs = () => [pointing(uuidIn('organisation', 0))];

const addressOf = (unit: number, n: number): ObjectInput => ({
  attributter: named(`A-${unit}-${n}`, {
    adresse: n === 0 ? `Prøvevej ${unit}, 9999 Eksempelkøbing` : `enhed${unit}@eksempel.invalid`,
  }),
});

function unitOf(unit: number): ObjectInput {
  const parent = parentOf(unit);
  const address = (rolle: string, n: number) =>
    pointing(uuidIn('address', unit * 2 + n), ALWAYS, { rolle, indeks: '1' });
  return {
    attributter: named(`E-${unit}`, { enhedNavn: `${NAMES[unit % NAMES.length]} ${unit}` }),
    tilstande: inUse(ALWAYS),
    relationer: {
      tilhoerer: belongs(),
      enhedstype: [pointing(unit % 2 === 0 ? AFDELING! : TEAM!)],
      adresser: [
        address('Lokation', 0),
        address('Email', 1),
        ...(unit < COUNTS.paying ? [address('LosKortNavn', 0)] : []),
      ],
      opgaver: subjectsOf(unit).map(task),
      tilknyttedeFunktioner: [
        pointing(uuidIn('function', unit % COUNTS.paying)),
        pointing(uuidIn('function', COUNTS.paying + (unit % COUNTS.offices))),
      ],
      ...(parent === null ? {} : { overordnet: [pointing(uuidIn('unit', parent))] }),
    },
  };
}

/** Half of them have ended: the second post of everybody, and some of the third. */
function periodOf(post: number, people: number): Period {
  const turn = Math.floor(post / people);
  const [year, month] = [2016 + (post % 5), two(1 + (post % 12))];
  const isFormer = turn === 1 || (turn > 1 && post % 2 === 0);
  return { fra: `${year}-${month}-01T00:00:00Z`, til: isFormer ? `${year + 2}-${month}-01T00:00:00Z` : null };
}

const functionOf = (n: number, type: string, name: string, period: Period, more: Record<string, Item[]>) => ({
  attributter: named(`F-${n}`, { funktionNavn: name }, period.fra),
  tilstande: inUse(period),
  relationer: {
    funktionstype: [pointing(type, period)],
    tilknyttedeOrganisationer: [pointing(uuidIn('organisation', 0), period)],
    ...more,
  },
});

/** Those that pay, those that are turned to, those that a system is used by, those that lead, and then all posts. */
function functionAt(n: number, { units, people }: MunicipalitySize): ObjectInput {
  const at = (unit: number, period: Period = ALWAYS) => [pointing(uuidIn('unit', unit), period)];
  const by = (user: number, period: Period = ALWAYS) => [pointing(uuidIn('user', user % people), period)];
  let left = n;
  if (left < COUNTS.paying)
    return functionOf(n, FUNCTION_TYPES.udbetalendeEnhed, `Udbetaling ${n}`, ALWAYS, {
      tilknyttedeEnheder: at(left % units),
    });
  left -= COUNTS.paying;
  if (left < COUNTS.offices)
    return functionOf(n, FUNCTION_TYPES.henvendelsessted, `Borgerhenvendelse ${n}`, ALWAYS, {
      tilknyttedeEnheder: at(left % units),
      opgaver: [task(two(left % 40))],
    });
  left -= COUNTS.offices;
  if (left < COUNTS.systemUses)
    return functionOf(n, FUNCTION_TYPES.systemrolle, `Brug af fagsystem ${left % SYSTEMS}`, ALWAYS, {
      tilknyttedeEnheder: at((left * 11) % units),
      tilknyttedeItSystemer: [pointing(uuidIn('system', left % SYSTEMS))],
    });
  left -= COUNTS.systemUses;
  // Four units of five have a leader of their own.
  const leaders = Math.floor((units * 4) / 5);
  if (left < leaders)
    return functionOf(n, FUNCTION_TYPES.lederrolle, 'Leder', ALWAYS, {
      tilknyttedeEnheder: at(Math.floor(left / 4) * 5 + (left % 4)),
      tilknyttedeBrugere: by(left * 7),
    });
  left -= leaders;
  const period = periodOf(left, people);
  return functionOf(n, FUNCTION_TYPES.enhedsrolle, TITLES[left % TITLES.length]!, period, {
    tilknyttedeEnheder: at(left % 40 === 0 ? CROWDED : (left * 31) % units, period),
    tilknyttedeBrugere: by(left, period),
  });
}

/** Nobody's: the day is 60 too high, as in the numbers that are kept for tests. */
const testNumberOf = (n: number): string =>
  `${61 + (n % 28)}${two(1 + (n % 12))}${two(50 + (n % 50))}${String(n % 10_000).padStart(4, '0')}`;

const personOf = (n: number): ObjectInput => ({
  attributter: named(`P-${n}`, {
    cprNummer: testNumberOf(n),
    navn: `Test ${TITLES[n % TITLES.length]} ${n}`,
  }),
});
const userOf = (n: number): ObjectInput => ({
  attributter: named(`b${n}`, { brugerNavn: `b${n}` }),
  tilstande: inUse(ALWAYS),
  relationer: { tilhoerer: belongs(), tilknyttedePersoner: [pointing(uuidIn('person', n))] },
});
const systemOf = (n: number): ObjectInput => ({
  attributter: named(`S-${n}`, { itSystemNavn: `Fagsystem ${n}` }),
  tilstande: inUse(ALWAYS),
});
const organisation = (): ObjectInput => ({
  attributter: named('Kommunen', { organisationNavn: 'Eksempelkøbing Kommune' }),
  tilstande: inUse(ALWAYS),
  relationer: { overordnet: [pointing(uuidIn('unit', 0))] },
});

/** An object as a line of an import has it. */
export interface MadeUpObject extends ObjectInput {
  readonly objekttype: string;
  readonly uuid: string;
}

/** All of a municipality, always the same. What is pointed at comes first, where that can be. */
export function* madeUpMunicipality(size: MunicipalitySize = LARGE): Generator<MadeUpObject> {
  function* all(type: string, kind: Kind, count: number, make: (n: number) => ObjectInput) {
    for (let n = 0; n < count; n++) yield { objekttype: type, uuid: uuidIn(kind, n), ...make(n) };
  }
  yield* all('Organisation', 'organisation', 1, organisation);
  yield* all('ItSystem', 'system', SYSTEMS, systemOf);
  yield* all('Adresse', 'address', size.units * 2, (n) => addressOf(n >> 1, n & 1));
  yield* all('OrganisationEnhed', 'unit', size.units, unitOf);
  yield* all('Person', 'person', size.people, personOf);
  yield* all('Bruger', 'user', size.people, userOf);
  yield* all('OrganisationFunktion', 'function', size.functions, (n) => functionAt(n, size));
}

export function* municipalityLines(size: MunicipalitySize = LARGE): Generator<string> {
  for (const object of madeUpMunicipality(size)) yield `${JSON.stringify(object)}\n`;
}
