import { type Declaration, type Field, isUrn, isUuid, malformed } from '@stoettesystemer/object';
import type { Operand } from './query';
import { fieldCode, REFERENCE_FIELD, STATE_FIELD } from './term';

/** Where a search field's values are found. */
export type SearchField =
  | {
      readonly kind: 'term';
      readonly facet: string;
      readonly member: string;
      readonly field: Pick<Field, 'kind'>;
      readonly code: number;
    }
  | {
      readonly kind: 'relation';
      readonly facet: string;
      readonly textField?: SearchField & { kind: 'term' };
      readonly code: number;
    }
  | {
      readonly kind: 'column';
      readonly column: 'o.id' | 'r.lifecycle' | 'o.created_at' | 'r.recorded_at';
      readonly type: 'uuid' | 'text' | 'timestamptz';
    }
  | { readonly kind: 'prose' };

const COLUMNS: Readonly<Record<string, SearchField & { kind: 'column' }>> = {
  uuid: { kind: 'column', column: 'o.id', type: 'uuid' },
  livscyklus: { kind: 'column', column: 'r.lifecycle', type: 'text' },
  oprettet: { kind: 'column', column: 'o.created_at', type: 'timestamptz' },
  registreringFra: { kind: 'column', column: 'r.recorded_at', type: 'timestamptz' },
};

/** Names of the system's own search fields, the same for every type. */
export const SYSTEM_FIELDS = [...Object.keys(COLUMNS), 'tekst'] as const;

const members = (type: Declaration): [facet: string, fields: Readonly<Record<string, Field>>][] => [
  ...Object.entries(type.attributes).map(
    ([facet, { fields }]) => [facet, fields] as [string, Record<string, Field>],
  ),
  ...Object.entries(type.relations).map(
    ([facet, { fields }]) => [facet, fields ?? {}] as [string, Record<string, Field>],
  ),
];

const termField = (
  type: Declaration,
  facet: string,
  member: string,
  field: Field,
): SearchField & { kind: 'term' } => ({
  kind: 'term',
  facet,
  member,
  field,
  code: fieldCode(type.name, facet, member),
});

const known = new WeakMap<Declaration, Map<string, SearchField>>();

/** Finds what a field name of a search means. @throws Refusal 400 `felt` for a name that cannot be searched. */
export function searchField(type: Declaration, felt: string, sti: string): SearchField {
  let ofType = known.get(type);
  if (!ofType) known.set(type, (ofType = new Map<string, SearchField>()));
  let field = ofType.get(felt);
  if (!field) ofType.set(felt, (field = foundField(type, felt, sti)));
  return field;
}

function foundField(type: Declaration, felt: string, sti: string): SearchField {
  const column = Object.hasOwn(COLUMNS, felt) ? COLUMNS[felt] : undefined;
  if (column) return column;
  if (felt === 'tekst') return { kind: 'prose' };
  if (Object.hasOwn(type.states, felt))
    return { kind: 'term', facet: felt, member: '', field: STATE_FIELD, code: fieldCode(type.name, felt) };
  const relation = Object.hasOwn(type.relations, felt) ? type.relations[felt] : undefined;
  if (relation?.search) {
    const text = relation.textField;
    const field = text === undefined ? undefined : relation.fields?.[text];
    return {
      kind: 'relation',
      facet: felt,
      code: fieldCode(type.name, felt),
      ...(text !== undefined && field ? { textField: termField(type, felt, text, field) } : {}),
    };
  }
  const [facetName, memberName] = felt.includes('.')
    ? (felt.split('.', 2) as [string, string])
    : [null, felt];
  const found = members(type).flatMap(([facet, fields]) => {
    const field = Object.hasOwn(fields, memberName) ? fields[memberName] : undefined;
    if (!field?.search || (facetName !== null && facetName !== facet)) return [];
    // A bare name means a member of an attribute group; a relation's members are named with it.
    if (facetName === null && facet in type.relations) return [];
    return [termField(type, facet, memberName, field)];
  });
  if (found.length === 1) return found[0]!;
  throw malformed(
    'felt',
    sti,
    found.length === 0 ? 'Der kan ikke søges på feltet.' : 'Skriv feltet som gruppe.felt.',
  );
}

/** The names that every search of a type accepts, for parameters and documentation. */
export function searchFields(type: Declaration): string[] {
  const bare = members(type).flatMap(([facet, fields]) =>
    Object.entries(fields)
      .filter(([, field]) => field.search)
      .map(([name]) => ({ facet, name })),
  );
  return [
    ...Object.keys(type.states),
    ...Object.entries(type.relations)
      .filter(([, { search }]) => search)
      .map(([name]) => name),
    ...bare.map(({ facet, name }) =>
      facet in type.attributes &&
      bare.filter((other) => other.name === name && other.facet in type.attributes).length === 1
        ? name
        : `${facet}.${name}`,
    ),
    ...SYSTEM_FIELDS,
  ];
}

/** A relation compared with a text is compared by its textField; with a reference or a UUID, by the reference itself. */
export function relationField(
  field: SearchField & { kind: 'relation' },
  operand: Operand,
  sti: string,
): { field: Pick<Field, 'kind'>; code: number; operand: Operand } {
  if (typeof operand === 'object') return { field: REFERENCE_FIELD, code: field.code, operand };
  if (isUuid(operand))
    return { field: REFERENCE_FIELD, code: field.code, operand: { uuid: operand.toLowerCase() } };
  if (isUrn(operand)) return { field: REFERENCE_FIELD, code: field.code, operand: { urn: operand } };
  if (!field.textField) throw malformed('operand', sti, 'Relationen søges med { uuid } eller { urn }.');
  return { field: field.textField.field, code: field.textField.code, operand };
}
