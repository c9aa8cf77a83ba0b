import type { Field, FieldKind } from '@stoettesystemer/object';
import { limits } from '../settings';
import { listOf, ref, type Schema } from './schema';

const { text } = limits;

export const UUID: Schema = { type: 'string', format: 'uuid' };
export const INSTANT: Schema = { type: 'string', format: 'date-time' };
export const DAY: Schema = { type: 'string', format: 'date' };
export const CVR: Schema = { type: 'string', pattern: '^\\d{8}$' };
export const URN: Schema = {
  type: 'string',
  pattern: '^([uU][rR][nN]:[oO][iI][oO]:[A-Za-z0-9][A-Za-z0-9:._~%\\p{L} -]*|URN:Empty)$',
  maxLength: text.urn,
};
export const line = (maxLength: number): Schema => ({ type: 'string', minLength: 1, maxLength });
const decimal: Schema = { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$', maxLength: text.decimal };
const between = ({ min, max }: Field): Schema => ({
  ...(min === undefined ? {} : { minimum: min }),
  ...(max === undefined ? {} : { maximum: max }),
});

const kinds: Record<FieldKind, (field: Field) => Schema> = {
  text: ({ min = 1, max = text.label, pattern, html }) => ({
    type: 'string',
    minLength: min,
    maxLength: max,
    ...(pattern === undefined ? {} : { pattern: `^(?:${pattern})$` }),
    ...(html ? { contentMediaType: 'text/html' } : {}),
  }),
  texts: ({ max = text.label }) => listOf(line(max), { maxItems: text.texts, uniqueItems: true }),
  integer: (field) => ({ type: 'integer', ...between(field) }),
  number: (field) => ({ type: 'number', ...between(field) }),
  decimal: () => decimal,
  date: () => DAY,
  instant: () => INSTANT,
  boolean: () => ({ type: 'boolean' }),
  choice: ({ values = [] }) => ({ enum: values }),
  urn: () => URN,
  uuid: () => UUID,
  reference: () => ref('Reference'),
  json: ({ schema = listOf({ type: 'object' }) }) => schema as Schema,
};

/** What a member of a group or relation looks like in JSON, with the words of its declaration. */
export const fieldSchema = (field: Field): Schema => ({
  ...kinds[field.kind](field),
  description: field.doc,
  ...(field.personal ? { 'x-personoplysning': true } : {}),
  ...(field.guard ? { 'x-kraever': field.guard } : {}),
});

const examples: Record<FieldKind, (field: Field, name: string) => unknown> = {
  text: ({ max = text.label, pattern }, name) =>
    pattern === undefined ? `${name} 1`.slice(0, max) : undefined,
  texts: ({ max = text.label }, name) => [`${name} 1`.slice(0, max)],
  integer: ({ min = 1, max = min }) => Math.min(Math.max(1, min), max),
  number: ({ min = 1.5, max = min }) => Math.min(Math.max(1.5, min), max),
  decimal: () => '12498.00',
  date: () => '2026-01-31',
  instant: () => '2026-01-31T12:00:00Z',
  boolean: () => true,
  choice: ({ values = [] }) => values[0],
  urn: () => 'urn:oio:kle:27.18.02',
  uuid: () => '6c0ad0a5-4e2c-4c3f-9e0f-0a8f5a0b1c2d',
  reference: () => ({ uuid: '6c0ad0a5-4e2c-4c3f-9e0f-0a8f5a0b1c2d' }),
  json: ({ examples: [first] = [] }) => first,
};

/** A value that the field takes, or undefined where its pattern is beyond guessing. */
export const exampleOf = (field: Field, name: string): unknown => examples[field.kind](field, name);
