import type { Declaration } from '@stoettesystemer/object';
import { hasBeginning } from '../request/operand';
import { type SearchField, searchFieldsOf } from '../request/search-fields';
import { limits } from '../settings';
import { DAY, INSTANT, URN, UUID } from './field-schema';
import { closed, listOf, orNull, ref, type Schema } from './schema';

const string: Schema = { type: 'string' };
const pointers: Schema[] = [closed({ uuid: UUID }, ['uuid']), closed({ urn: URN }, ['urn'])];

const operands: Record<SearchField['kind'], (field: SearchField) => Schema> = {
  text: () => string,
  texts: () => string,
  prose: () => ({ type: 'string', pattern: '\\S' }),
  integer: () => ({ type: 'integer' }),
  number: () => ({ type: 'number' }),
  decimal: () => ({ type: 'string', pattern: '^-?\\d{1,40}(\\.\\d{1,40})?$' }),
  date: () => DAY,
  instant: () => INSTANT,
  boolean: () => ({ type: 'boolean' }),
  choice: ({ values = [] }) => ({ enum: values }),
  urn: () => URN,
  uuid: () => UUID,
  reference: () => ({ anyOf: pointers }),
  relation: ({ hasText }) => ({ anyOf: [...pointers, ...(hasText ? [string] : [UUID, URN])] }),
};

/** The comparisons that one field takes part in; each holds one operator. */
function comparisons(field: SearchField): Schema {
  const operand = operands[field.kind](field);
  const common = {
    felt: { const: field.name, description: field.doc },
    ...(field.roles ? { rolle: { anyOf: [{ enum: field.roles }, UUID] } } : {}),
  };
  // Words are looked for all together; there is no order among them, and nothing that has none.
  if (field.kind === 'prose')
    return closed({ ...common, lig: operand }, ['felt', 'lig'], { title: field.name });
  const operators: Record<string, Schema> = {
    lig: operand,
    iblandt: listOf(operand, { maxItems: limits.search.operands }),
    ...(hasBeginning(field) ? { begynderMed: { type: 'string', minLength: 1 } } : {}),
    mellem: {
      type: 'array',
      prefixItems: [orNull(operand), orNull(operand)],
      items: false,
      minItems: 2,
      contains: { not: { type: 'null' } },
      description: 'Fra og med, til og ikke med. Den ene kan være null.',
    },
    findes: { type: 'boolean' },
  };
  return closed({ ...common, ...operators }, ['felt'], {
    title: field.name,
    oneOf: Object.keys(operators).map((name) => ({ required: [name] })),
  });
}

/** The body of a search (contract §6). */
export function searchSchemas(type: Declaration): Record<string, Schema> {
  const fields = searchFieldsOf(type);
  const expression = ref(`${type.name}Udtryk`);
  const facets = [type.attributes, type.states, type.relations].flatMap(Object.keys);
  const sortable = fields.filter(({ kind }) => kind !== 'prose').flatMap(({ name }) => [name, `-${name}`]);
  return {
    [`${type.name}Udtryk`]: {
      anyOf: [
        closed({ og: listOf(expression) }, ['og']),
        closed({ eller: listOf(expression) }, ['eller']),
        closed({ ikke: expression }, ['ikke']),
        ...fields.map(comparisons),
      ],
    },
    [`${type.name}Soegning`]: closed(
      {
        udtryk: orNull(expression),
        sorter: listOf({ enum: sortable }, { maxItems: limits.search.sortKeys }),
        vis: orNull({ anyOf: [{ const: 'uuid' }, listOf({ enum: facets })] }),
        limit: { type: 'integer', minimum: 1, maximum: limits.search.most, default: limits.search.limit },
        cursor: orNull({ type: 'string', maxLength: limits.text.cursor }),
        antal: { type: 'boolean', default: false },
      },
      [],
    ),
  };
}
