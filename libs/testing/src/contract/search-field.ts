import { randomUUID } from 'node:crypto';
import type { Declaration, Field, FieldKind, Section } from '@stoettesystemer/object';
import type { Body, Item } from './body';

/** A declaration cannot say that JSON is searched. */
type SearchedKind = Exclude<FieldKind, 'json'>;

/** A field that the declaration says can be searched, and where its value stands. Worked out here apart from the server. */
export interface SearchField {
  readonly name: string;
  readonly section: Section;
  readonly facet: string;
  /** Left out: the value of a state, the reference of a relation. */
  readonly member?: string;
  readonly kind: SearchedKind | 'state' | 'relation';
  readonly values?: readonly string[];
  readonly personal: boolean;
  /** A relation that a text is compared with by this member. */
  readonly textField?: string;
}

/** Parameters that every search has: a member of that name is written with its group. */
const TAKEN =
  'limit cursor sorter vis antal virkning virkningstid virkningFra virkningTil registreringstid registreringFra registreringTil uuid livscyklus oprettet tekst'.split(
    ' ',
  );

const searched = (fields: Readonly<Record<string, Field>> = {}) =>
  Object.entries(fields).filter(([, { search }]) => search);

export function searchFieldsOf({ attributes, states, relations }: Declaration): SearchField[] {
  const bare = Object.values(attributes).flatMap(({ fields }) => searched(fields).map(([name]) => name));
  const memberOf = (
    section: Section,
    facet: string,
    member: string,
    field: Field,
    name: string,
  ): SearchField => ({
    name,
    section,
    facet,
    member,
    kind: field.kind as SearchedKind,
    personal: field.personal === true,
    ...(field.values ? { values: field.values } : {}),
  });
  return [
    ...Object.entries(attributes).flatMap(([facet, { fields }]) =>
      searched(fields).map(([member, field]) => {
        const isAlone = bare.filter((name) => name === member).length === 1 && !TAKEN.includes(member);
        return memberOf('attributter', facet, member, field, isAlone ? member : `${facet}.${member}`);
      }),
    ),
    ...Object.entries(states).map(([facet, { values }]): SearchField => ({
      name: facet,
      section: 'tilstande',
      facet,
      kind: 'state',
      values,
      personal: false,
    })),
    ...Object.entries(relations).flatMap(([facet, { search, personal = false, textField, fields }]) => [
      ...(search
        ? [
            {
              name: facet,
              section: 'relationer',
              facet,
              kind: 'relation',
              personal,
              ...(textField ? { textField } : {}),
            } as const,
          ]
        : []),
      ...searched(fields).map(([member, field]) => ({
        ...memberOf('relationer', facet, member, field, `${facet}.${member}`),
        personal: personal || field.personal === true,
      })),
    ]),
  ];
}

export const itemOf = (body: Body, { section, facet }: SearchField): Item => body[section][facet]![0]!;

const operandOf = (item: Item, field: SearchField): unknown => {
  const value = field.kind === 'state' ? item['vaerdi'] : item[field.member ?? 'reference'];
  return Array.isArray(value) ? (value[0] as unknown) : value;
};

/** What the body has in the field, as an operand. */
export const operandIn = (body: Body, field: SearchField): unknown => operandOf(itemOf(body, field), field);

/** All that the body has in the field: of a group that occurs many times, one for each. */
export const operandsIn = (body: Body, field: SearchField): unknown[] =>
  body[field.section][field.facet]!.map((item) => operandOf(item, field));

/** The least of the operands of a field that has an order. */
export const leastOf = ({ kind }: SearchField, operands: readonly unknown[]): unknown => {
  const isText = kind === 'date' || kind === 'instant';
  return operands.reduce((a, b) => ((isText ? String(b) < String(a) : Number(b) < Number(a)) ? b : a));
};

const isOfFew = ({ kind, values }: SearchField): boolean => kind === 'boolean' || values !== undefined;

/** Takes occurrences away until each field of few values has one left that no occurrence has: it must find nothing. */
export function leavingOneOut(body: Body, fields: readonly SearchField[]): Body {
  for (const field of fields.filter(isOfFew)) {
    const list = body[field.section][field.facet]!;
    const all = field.values?.length ?? 2;
    while (list.length > 1 && new Set(operandsIn(body, field)).size >= all) list.pop();
  }
  return body;
}

/** An operand that fits the field and that the body does not have. */
export function otherOperand(body: Body, field: SearchField): unknown {
  const { kind, values = [] } = field;
  const operand = operandIn(body, field);
  const held = operandsIn(body, field);
  switch (kind) {
    case 'text':
    case 'texts':
    case 'urn':
      return `${String(operand)}x`;
    case 'integer':
    case 'number':
      return Math.max(...held.map(Number)) + 1;
    case 'decimal':
      return '123456.789';
    case 'date':
      return '1851-01-01';
    case 'instant':
      return '1851-01-01T00:00:00Z';
    case 'boolean':
      return operand !== true;
    case 'choice':
    case 'state':
      return values.find((value) => !held.includes(value));
    case 'uuid':
      return randomUUID();
    case 'reference':
    case 'relation':
      return { uuid: randomUUID() };
  }
}

/** An operand as it is written in a URL. */
export const parameterOf = (operand: unknown): string =>
  typeof operand === 'object' && operand !== null ? String(Object.values(operand)[0]) : String(operand);

export const hasOrder = ({ kind }: SearchField): boolean =>
  ['integer', 'number', 'decimal', 'date', 'instant'].includes(kind);
export const hasBeginning = ({ kind, textField }: SearchField): boolean =>
  ['text', 'texts', 'urn'].includes(kind) || textField !== undefined;
