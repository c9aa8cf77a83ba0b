import type { Query } from '@stoettesystemer/engine';
import { type Declaration, isUuid } from '@stoettesystemer/object';
import { IsBoolean, IsInt, IsString, Max, Min } from 'class-validator';
import { hasBeginning, misfit } from '../request/operand';
import { type SearchField, searchFieldsOf } from '../request/search-fields';
import { limits } from '../settings';
import { toNfc } from './field-checks';
import { isObject, makeShape, type Member, must, type Shape } from './shape';

const OPERATORS = ['lig', 'iblandt', 'begynderMed', 'mellem', 'findes'];
const COMBINATIONS = ['og', 'eller', 'ikke'];

type Holds = (value: unknown, object: Record<string, unknown>) => boolean;

const text = IsString({ message: 'Skal være en tekst.' });
const trueOrFalse = IsBoolean({ message: 'Skal være true eller false.' });
/** As the stored values are: NFC, and UUIDs in lower case. */
const cleanOperand = (operand: unknown): unknown =>
  isObject(operand) && typeof operand['uuid'] === 'string'
    ? { ...operand, uuid: operand['uuid'].toLowerCase() }
    : toNfc(operand);
const cleanOperands = (list: unknown): unknown => (Array.isArray(list) ? list.map(cleanOperand) : list);

const given = (...checks: PropertyDecorator[]): Member => ({ checks, presence: 'given' });
const isList = (value: unknown, most: number, holds: (each: unknown) => boolean): value is unknown[] =>
  Array.isArray(value) && value.length <= most && value.every(holds);

const howMany = (object: Record<string, unknown>, names: readonly string[]): number =>
  names.filter((name) => object[name] !== undefined).length;
/** A combination of expressions, or one comparison of one field. */
const isOneThing: Holds = (felt, object) =>
  felt === undefined
    ? howMany(object, COMBINATIONS) === 1 && howMany(object, [...OPERATORS, 'rolle']) === 0
    : howMany(object, COMBINATIONS) === 0 && howMany(object, OPERATORS) === 1;

function expressionShape(type: Declaration): Shape {
  const fields = new Map(searchFieldsOf(type).map((field) => [field.name, field]));
  const fieldOf = ({ felt }: Record<string, unknown>): SearchField | undefined => fields.get(felt as string);
  // A field that is not known is a fault of `felt` alone.
  const fits: Holds = (value, object) => {
    const field = fieldOf(object);
    return field === undefined || misfit(field, value) === null;
  };
  const isKnown: Holds = (felt) => felt === undefined || (typeof felt === 'string' && fields.has(felt));
  const hasRole: Holds = (rolle, object) => {
    const names = fieldOf(object)?.roles;
    return names !== undefined && (names.includes(rolle as string) || isUuid(rolle));
  };
  const canBegin: Holds = (start, object) => {
    const field = fieldOf(object);
    return start !== '' && (field === undefined || hasBeginning(field));
  };
  const isRange: Holds = (range, object) =>
    isList(range, 2, (bound) => bound === null || fits(bound, object)) &&
    range.length === 2 &&
    range.some((bound) => bound !== null);
  const self = (): Shape => shape;
  const shape: Shape = makeShape(`${type.name}Udtryk`, {
    felt: {
      checks: [
        must('udtryk', 'Skriv og, eller, ikke - eller felt med netop én sammenligning.', isOneThing),
        must('felt', 'Der kan ikke søges på feltet.', isKnown),
      ],
      presence: 'either',
    },
    rolle: given(must('rolle', 'Feltet har ikke den rolle.', hasRole)),
    lig: { ...given(must('operand', 'Værdien passer ikke til feltet.', fits)), clean: cleanOperand },
    iblandt: {
      ...given(
        must(
          'operand',
          `Skal være højst ${limits.search.operands} værdier, der passer til feltet.`,
          (list, object) => isList(list, limits.search.operands, (each) => fits(each, object)),
        ),
      ),
      clean: cleanOperands,
    },
    begynderMed: {
      ...given(text, must('operand', 'Feltet kan ikke søges med den begyndelse.', canBegin)),
      clean: toNfc,
    },
    mellem: {
      ...given(
        must('operand', 'Skal være [fra, til], der passer til feltet; den ene kan være null.', isRange),
      ),
      clean: cleanOperands,
    },
    findes: given(trueOrFalse),
    og: { ...given(), many: self },
    eller: { ...given(), many: self },
    ikke: { ...given(), one: self },
  });
  return shape;
}

/** The class of a search body (contract §6), made once a type. */
export function searchClass(type: Declaration): Shape {
  const facets = new Set([type.attributes, type.states, type.relations].flatMap(Object.keys));
  const sortable = new Set(
    searchFieldsOf(type)
      .filter(({ kind }) => kind !== 'prose')
      .map(({ name }) => name),
  );
  const isSortable: Holds = (list) =>
    isList(
      list,
      limits.search.sortKeys,
      (name) => typeof name === 'string' && sortable.has(name.replace(/^-/, '')),
    );
  const isShown: Holds = (vis) =>
    vis === 'uuid' || isList(vis, facets.size, (name) => facets.has(name as string));
  return makeShape(`${type.name}Soegning`, {
    udtryk: { checks: [], presence: 'optional', one: expressionShape(type) },
    sorter: given(must('felt', 'Skal være en liste af felter, der kan sorteres efter.', isSortable)),
    vis: {
      checks: [must('felt', 'Skal være "uuid" eller en liste af dele af objektet.', isShown)],
      presence: 'optional',
    },
    limit: given(
      IsInt({ message: 'Skal være et helt tal.' }),
      Min(1, { message: 'Skal være mindst 1.' }),
      Max(limits.search.most, { message: `Må højst være ${limits.search.most}.` }),
    ),
    cursor: {
      checks: [
        text,
        must('laengde', 'Er for lang.', (cursor) => (cursor as string).length <= limits.text.cursor),
      ],
      presence: 'optional',
    },
    antal: given(trueOrFalse),
  });
}

/** A checked search body, with what it leaves out filled in. */
export const queryFrom = ({ udtryk, sorter, vis, limit, cursor, antal }: Partial<Query>): Query => ({
  udtryk: udtryk ?? null,
  sorter: sorter ?? [],
  vis: vis ?? null,
  limit: limit ?? limits.search.limit,
  cursor: cursor ?? null,
  antal: antal ?? false,
});
