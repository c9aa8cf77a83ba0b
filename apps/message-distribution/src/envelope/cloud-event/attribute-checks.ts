import { LEVELS } from '@stoettesystemer/access';
import { isCvr, isUrn, isUuid, parseInstant } from '@stoettesystemer/object';
import { PERSON_REFERENCE } from '../person-number';

/** What is wrong with a text, as kode and besked; null for nothing. */
type Check = (text: string) => readonly [kode: string, besked: string] | null;

const mustBe =
  (kode: string, besked: string, is: (text: string) => boolean): Check =>
  (text) =>
    is(text) ? null : [kode, besked];

const URI_TEXT = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?:\\s*;\\s*${TOKEN}=(?:${TOKEN}|"[^"\\\\]*"))*\\s*$`);
const NAME = /^[\p{L}\p{N}._:-]{1,100}$/u;
const KLE = /^\d\d(?:\.\d\d){0,2}$/;

/** RFC 3339 has as many decimals as one likes and small letters; our instants end at the microsecond. */
export const instantOf = (text: string): bigint | null =>
  parseInstant(text.toUpperCase().replace(/(\.\d{6})\d{1,3}(?=Z|[+-])/, '$1'));

const listOf =
  (is: (text: string) => boolean): ((text: string) => boolean) =>
  (text) =>
    text.split(',').every(is);

const isRelated = (text: string): boolean =>
  isUuid(text) || PERSON_REFERENCE.test(text) || (isUrn(text) && !/^urn:oio:fuldtnavn:/i.test(text));

const name = mustBe('tegn', 'Skal være 1-100 bogstaver, cifre og ._:-, for eksempel Klasse.', (text) =>
  NAME.test(text),
);

/** The attributes that we know; of others only that they are texts. */
export const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  [
    'specversion',
    mustBe(
      'specversion',
      'Skal være 1.0; andre udgaver af CloudEvents modtages ikke.',
      (text) => text === '1.0',
    ),
  ],
  [
    'source',
    mustBe('uri', 'Skal være en URI eller en sti uden mellemrum, for eksempel /esdh/12345678.', (text) =>
      URI_TEXT.test(text),
    ),
  ],
  [
    'dataschema',
    mustBe('uri', 'Skal være en fuld URI.', (text) => URI_TEXT.test(text) && ABSOLUTE.test(text)),
  ],
  [
    'datacontenttype',
    mustBe('medietype', 'Skal være en medietype, for eksempel application/json.', (text) =>
      MEDIA_TYPE.test(text),
    ),
  ],
  [
    'time',
    mustBe(
      'tidspunkt',
      'Skal være et tidspunkt med tidszone, for eksempel 2026-01-31T12:00:00Z.',
      (text) => instantOf(text) !== null,
    ),
  ],
  ['beskedtype', mustBe('uuid', 'Skal være beskedtypens UUID.', isUuid)],
  ['objekttype', name],
  ['objekthandling', name],
  ['ansvarligmyndighed', mustBe('cvr', 'Skal være myndighedens CVR-nummer: otte cifre.', isCvr)],
  [
    'opgaveemne',
    mustBe(
      'kle',
      'Skal være et KLE-nummer, for eksempel 27.18.02, eller en UUID.',
      (text) => KLE.test(text) || isUuid(text),
    ),
  ],
  [
    'foelsomhed',
    mustBe('vaerdi', `Skal være en af: ${LEVELS.join(', ')}.`, (text) =>
      (LEVELS as readonly string[]).includes(text),
    ),
  ],
  [
    'tilladtmodtager',
    mustBe('cvr', 'Skal være CVR-numre med komma imellem og uden mellemrum.', listOf(isCvr)),
  ],
  [
    'relateretobjekt',
    mustBe(
      'reference',
      'Skal være UUID’er eller URN’er med komma imellem og uden mellemrum.',
      listOf(isRelated),
    ),
  ],
]);

/** Where a UUID is what it stands for and not the letters it is written with. */
export const FOLDED: ReadonlySet<string> = new Set(['beskedtype', 'subject', 'opgaveemne']);
