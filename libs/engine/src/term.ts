import { createHash } from 'node:crypto';
import {
  type Declaration,
  type Field,
  formatInstant,
  parseInstant,
  type Reference,
  keyOf,
} from '@stoettesystemer/object';
import type { Piece } from './piece';

/** What a fact can be found by. */
export interface Term {
  readonly field: number;
  readonly value: string;
}
export interface Prose {
  readonly weight: 'A' | 'B' | 'C';
  readonly body: string;
}

/** A search field as its place in the index: four bytes of a hash of its name, whose uniqueness `fieldCodes` checks at start. */
export function fieldCode(type: string, facet: string, member = ''): number {
  const name = `${type}.${facet}.${member}`;
  let code = codes.get(name);
  if (code === undefined) codes.set(name, (code = createHash('sha1').update(name).digest().readInt32BE(0)));
  return code;
}
const codes = new Map<string, number>();

/** @throws Error when two search fields of a service would share a place in the index. */
export function fieldCodes(types: readonly Declaration[]): void {
  const taken = new Map<number, string>();
  for (const field of types.flatMap(fieldNames)) {
    const code = fieldCode(...field);
    const other = taken.get(code);
    const name = field.filter(Boolean).join('.');
    if (other !== undefined) throw new Error(`${other} and ${name} have the same place in the index`);
    taken.set(code, name);
  }
}

const fieldNames = ({ name, attributes, states, relations }: Declaration): [string, string, string][] => [
  ...Object.keys(states).map((facet): [string, string, string] => [name, facet, '']),
  ...Object.entries({ ...attributes, ...relations }).flatMap(([facet, { fields = {} }]) =>
    ['', ...Object.keys(fields)].map((member): [string, string, string] => [name, facet, member]),
  ),
];

/** Nine's complement, so that of two negative numbers the larger in size sorts first. */
const complement = (digits: string): string => digits.replace(/\d/g, (digit) => String(9 - Number(digit)));

/** Writes a decimal so that texts sort as the numbers do: sign, length of the whole part, digits. */
export function sortableDecimal(decimal: string): string {
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const digits = whole.replace(/^0+(?=\d)/, '');
  const rest = fraction.replace(/0+$/, '');
  const size = `${String(digits.length).padStart(3, '0')}${digits}.${rest}`;
  const isZero = /^0*$/.test(digits + rest);
  return decimal.startsWith('-') && !isZero ? `0${complement(size)}~` : `1${size}`;
}

/** JavaScript writes the very large and the very small with an exponent. */
function plainNumber(value: number): string {
  const [mantissa = '', exponent] = String(value).split('e');
  if (exponent === undefined) return mantissa;
  const digits = mantissa.replace(/[-.]/g, '');
  const size = Number(exponent);
  const plain = size < 0 ? `0.${'0'.repeat(-size - 1)}${digits}` : digits.padEnd(size + 1, '0');
  return value < 0 ? `-${plain}` : plain;
}

/** A value as the index holds it; the same for a stored member and for an operand of a search. */
export function termValue(field: Pick<Field, 'kind'>, value: unknown): string {
  switch (field.kind) {
    case 'integer':
    case 'number':
      return sortableDecimal(plainNumber(Number(value)));
    case 'decimal':
      return sortableDecimal(String(value));
    case 'instant': {
      const text = formatInstant(parseInstant(String(value))!);
      return text.includes('.') ? text.replace('Z', '').padEnd(26, '0') : text.replace('Z', '.000000');
    }
    case 'uuid':
      return String(value).toLowerCase();
    case 'reference':
      return keyOf(value as Reference);
    default:
      return String(value).normalize('NFC');
  }
}

/** Kinds that the index holds in another writing, whose beginnings therefore mean nothing. */
export const isEncoded = ({ kind }: Pick<Field, 'kind'>): boolean =>
  ['integer', 'number', 'decimal', 'instant', 'boolean'].includes(kind);

/** Whether an operand is of the field's kind, so that it can be compared with what the index holds. */
export function fits({ kind }: Pick<Field, 'kind'>, operand: unknown): boolean {
  switch (kind) {
    case 'integer':
    case 'number':
      return Number.isFinite(operand);
    case 'decimal':
      return typeof operand === 'string' && /^-?\d+(\.\d+)?$/.test(operand);
    case 'instant':
      return typeof operand === 'string' && parseInstant(operand) !== null;
    case 'boolean':
      return typeof operand === 'boolean';
    case 'reference':
      return typeof operand === 'object' && operand !== null;
    default:
      return typeof operand === 'string';
  }
}

export const REFERENCE_FIELD: Pick<Field, 'kind'> = { kind: 'reference' };
export const STATE_FIELD: Pick<Field, 'kind'> = { kind: 'choice' };

function fieldTerms(
  type: Declaration,
  facet: string,
  fields: Readonly<Record<string, Field>>,
  value: Record<string, unknown>,
) {
  const terms: Term[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const member = value[name];
    if (!field.search || member === undefined) continue;
    for (const each of [member].flat())
      terms.push({ field: fieldCode(type.name, facet, name), value: termValue(field, each) });
  }
  return terms;
}

/** Everything a piece is found by. */
export function termsOf(type: Declaration, piece: Piece): Term[] {
  const { facet } = piece;
  const value = (): Record<string, unknown> => JSON.parse(piece.value) as Record<string, unknown>;
  if (piece.section === 't')
    return [{ field: fieldCode(type.name, facet), value: String(value()['vaerdi']) }];
  if (piece.section === 'a') {
    const { fields } = type.attributes[facet]!;
    return Object.values(fields).some(({ search }) => search) ? fieldTerms(type, facet, fields, value()) : [];
  }
  const relation = type.relations[facet]!;
  const members = value();
  return [
    ...(relation.search
      ? [{ field: fieldCode(type.name, facet), value: termValue(REFERENCE_FIELD, members['reference']) }]
      : []),
    ...fieldTerms(type, facet, relation.fields ?? {}, members),
  ];
}

const withoutTags = (html: string): string => html.replace(/<[^>]*>/g, ' ');

/** The words of a piece that text search reads, one body a weight. */
export function proseOf(type: Declaration, piece: Piece): Prose[] {
  if (piece.section !== 'a') return [];
  const fields = Object.entries(type.attributes[piece.facet]!.fields).filter(([, { prose }]) => prose);
  if (fields.length === 0) return [];
  const value = JSON.parse(piece.value) as Record<string, unknown>;
  const bodies = new Map<'A' | 'B' | 'C', string>();
  for (const [name, { prose, html }] of fields) {
    const member = value[name];
    if (member === undefined || !prose) continue;
    const text = [member].flat().join(' ');
    bodies.set(prose, `${bodies.get(prose) ?? ''} ${html ? withoutTags(text) : text}`.trim());
  }
  return [...bodies].map(([weight, body]) => ({ weight, body }));
}
