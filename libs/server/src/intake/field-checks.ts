import {
  type Field,
  type FieldKind,
  formatInstant,
  isUrn,
  isUuid,
  parseInstant,
} from '@stoettesystemer/object';
import {
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  Matches,
  Max,
  Min,
} from 'class-validator';
import sanitizeHtml from 'sanitize-html';
import { limits } from '../settings';
import { isObject, makeShape, type Member, must } from './shape';

type Taken = Pick<Member, 'checks' | 'clean' | 'one'>;

const isText = (value: unknown): value is string => typeof value === 'string';
const mustBeText = IsString({ message: 'Skal være en tekst.' });

/** Characters, not UTF-16 units: an emoji is one. */
const isWithin = (value: unknown, min: number, max: number): boolean =>
  isText(value) && value.length >= min && (value.length <= max || [...value].length <= max);
const length = (min: number, max: number) =>
  must('laengde', min === 0 ? `Må højst være ${max} tegn.` : `Skal være ${min}-${max} tegn.`, (value) =>
    isWithin(value, min, max),
  );

const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const CONTROLS = /[^\P{Cc}\t\n\r]/u;
const oneLine = must(
  'tegn',
  'Må ikke indeholde linjeskift eller styretegn.',
  (value) => isText(value) && !BREAKS.test(value),
);
const noControls = must(
  'tegn',
  'Må ikke indeholde styretegn.',
  (value) => isText(value) && !CONTROLS.test(value),
);

/** Combining marks begin at U+0300; below it every text is its own NFC. */
const NEEDS_NFC = /[\u0300-\uffff]/;
export const toNfc = (value: unknown): unknown =>
  isText(value) && NEEDS_NFC.test(value) ? value.normalize('NFC') : value;
const toLowerCase = (value: unknown): unknown => (isText(value) ? value.toLowerCase() : value);
const toUtc = (value: unknown): unknown => {
  const instant = isText(value) ? parseInstant(value) : null;
  return instant === null ? value : formatInstant(instant);
};

const SIMPLE_HTML = {
  allowedTags: ['p', 'ul', 'ol', 'li', 'i', 'b', 'br', 'em', 'strong'],
  allowedAttributes: {},
};
const toSimpleHtml = (value: unknown): unknown => (isText(value) ? sanitizeHtml(value, SIMPLE_HTML) : value);

const isInstant = (value: unknown): boolean => isText(value) && parseInstant(value) !== null;
export const isDay = (value: unknown): boolean =>
  isText(value) && /^\d{4}-\d\d-\d\d$/.test(value) && parseInstant(`${value}T00:00:00Z`) !== null;

export const uuidMember: Taken = {
  checks: [mustBeText, must('uuid', 'Skal være en UUID.', isUuid)],
  clean: toLowerCase,
};
export const instantMember: Taken = {
  checks: [
    mustBeText,
    must('tidspunkt', 'Skal være et tidspunkt med tidszone, for eksempel 2026-01-31T12:00:00Z.', isInstant),
  ],
};
export const lineMember = (max: number): Taken => ({
  checks: [mustBeText, length(1, max), oneLine],
  clean: toNfc,
});
export const notesMember = (max: number): Taken => ({
  checks: [mustBeText, length(1, max), noControls],
  clean: toNfc,
});

const urnMember: Taken = {
  checks: [mustBeText, must('urn', 'Skal være en URN, for eksempel urn:oio:kle:27.18.02.', isUrn)],
  clean: toNfc,
};

/** Points at exactly one thing. */
const exactlyOne = must(
  'reference',
  'Skal have enten uuid eller urn.',
  (value) => 'uuid' in (value as object) !== 'urn' in (value as object),
);
const Reference = makeShape('Reference', {
  uuid: { ...uuidMember, presence: 'given' },
  urn: { ...urnMember, presence: 'given' },
  label: { ...lineMember(limits.text.label), presence: 'given' },
});
export const referenceMember: Taken = { checks: [exactlyOne], one: Reference };

const between = ({ min, max }: Field): PropertyDecorator[] => [
  ...(min === undefined ? [] : [Min(min, { message: `Skal være mindst ${min}.` })]),
  ...(max === undefined ? [] : [Max(max, { message: `Må højst være ${max}.` })]),
];

const listOfLines = (max: number): Taken => ({
  checks: [
    IsArray({ message: 'Skal være en liste af tekster.' }),
    IsString({ each: true, message: 'Skal være en liste af tekster.' }),
    must(
      'antal',
      `Må højst være ${limits.text.texts} tekster.`,
      (value) => Array.isArray(value) && value.length <= limits.text.texts,
    ),
    must(
      'laengde',
      `Hver tekst skal være 1-${max} tegn.`,
      (value) => Array.isArray(value) && value.every((each) => isWithin(each, 1, max)),
    ),
    must(
      'tegn',
      'Må ikke indeholde linjeskift eller styretegn.',
      (value) => Array.isArray(value) && value.every((each) => isText(each) && !BREAKS.test(each)),
    ),
    ArrayUnique({ message: 'Samme tekst står flere gange.' }),
  ],
  clean: (value) => (Array.isArray(value) ? value.map(toNfc) : value),
});

/** What each kind of field means for a body: the only place that says it. */
const kinds: Record<FieldKind, (field: Field) => Taken> = {
  text: (field) => ({
    checks: [
      mustBeText,
      length(field.min ?? 1, field.max ?? limits.text.label),
      field.multiline || field.html ? noControls : oneLine,
      ...(field.pattern === undefined
        ? []
        : [
            Matches(new RegExp(`^(?:${field.pattern})$`, 'u'), {
              message: 'Har ikke den form, som feltet kræver.',
            }),
          ]),
    ],
    clean: field.html ? (value) => toNfc(toSimpleHtml(value)) : toNfc,
  }),
  texts: (field) => listOfLines(field.max ?? limits.text.label),
  integer: (field) => ({ checks: [IsInt({ message: 'Skal være et helt tal.' }), ...between(field)] }),
  number: (field) => ({ checks: [IsNumber({}, { message: 'Skal være et tal.' }), ...between(field)] }),
  decimal: () => ({
    checks: [
      mustBeText,
      Matches(/^-?\d+(\.\d+)?$/, { message: 'Skal være et beløb som tekst, for eksempel "12498.00".' }),
      length(1, limits.text.decimal),
    ],
  }),
  date: () => ({
    checks: [mustBeText, must('dato', 'Skal være en dato, der findes, for eksempel 2026-01-31.', isDay)],
  }),
  instant: () => ({ ...instantMember, clean: toUtc }),
  boolean: () => ({ checks: [IsBoolean({ message: 'Skal være true eller false.' })] }),
  choice: ({ values = [] }) => ({
    checks: [IsIn([...values], { message: `Skal være en af: ${values.join(', ')}.` })],
  }),
  urn: () => urnMember,
  uuid: () => uuidMember,
  reference: () => referenceMember,
  json: ({ max = limits.text.label }) => ({
    checks: [
      must(
        'type',
        'Skal være en liste af objekter.',
        (value) => Array.isArray(value) && value.every(isObject),
      ),
      must('laengde', `Må højst fylde ${max} tegn.`, (value) => JSON.stringify(value).length <= max),
    ],
  }),
};

export const takenAs = (field: Field): Taken => kinds[field.kind](field);
