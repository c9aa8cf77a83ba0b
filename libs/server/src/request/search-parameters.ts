import type { Comparison, Query } from '@stoettesystemer/engine';
import { type Declaration, malformed, Refusal } from '@stoettesystemer/object';
import { limits } from '../settings';
import { hasBeginning, operandOf } from './operand';
import { flagOf, integerOf, type Parameters } from './query-string';
import { type SearchField, searchFieldsOf } from './search-fields';

const listOf = (parameters: Parameters, name: string): string[] => {
  const text = parameters[name];
  if (text === undefined) return [];
  const list = text.split(',');
  if (list.includes('')) throw malformed('vaerdi', `?${name}`, 'Kommalisten har en tom plads.');
  return list;
};

/** Where a page begins and how long it is. @throws Refusal 400 */
export const pageOf = (parameters: Parameters): { limit: number; cursor: string | null } => ({
  limit: integerOf(parameters, 'limit', 1, limits.search.most) ?? limits.search.limit,
  cursor: parameters['cursor'] ?? null,
});

/** `*` at the end: begins with; a comma list: one of; else: equals. Words are words, commas and all. */
function comparisonOf(field: SearchField, text: string): Comparison {
  const { name: felt } = field;
  if (field.kind === 'prose') return { felt, lig: operandOf(field, text) };
  if (text.endsWith('*') && hasBeginning(field)) {
    if (text.length === 1) throw malformed('operand', `?${felt}`, 'Skriv noget foran *.');
    return { felt, begynderMed: text.slice(0, -1) };
  }
  const parts = text.split(',');
  return parts.length === 1
    ? { felt, lig: operandOf(field, text) }
    : { felt, iblandt: parts.map((part) => operandOf(field, part)) };
}

/** The engine finds faults in an expression; the sender wrote parameters. */
function inParameters({ udtryk }: Query, cause: unknown): unknown {
  if (!(cause instanceof Refusal)) return cause;
  const terms = udtryk && 'og' in udtryk ? udtryk.og : [];
  const stiOf = (sti: string): string => {
    const [, member = '', , index] = sti.split('/');
    const term = terms[Number(index)];
    return member !== 'udtryk' ? `?${member}` : term && 'felt' in term ? `?${term.felt}` : '';
  };
  const fejl = cause.fejl.map((fault) => ({ ...fault, sti: stiOf(fault.sti) }));
  return new Refusal(cause.status, cause.kode, cause.detail, { fejl, headers: cause.headers });
}

export interface SearchParameters {
  /** The fields that are offered as parameters: all but those that are told of persons. */
  readonly fields: readonly SearchField[];
  /** @throws Refusal 400 */
  query(parameters: Parameters): Query;
  /** Runs a search; its refusals name parameters. */
  run<T>(query: Query, search: (query: Query) => Promise<T>): Promise<T>;
}

/** The search of a type by parameters (contract §6). Made once a type. */
export function searchParameters(type: Declaration): SearchParameters {
  const fields = searchFieldsOf(type).filter(({ personal }) => !personal);
  const facets = new Set([type.attributes, type.states, type.relations].flatMap(Object.keys));
  const sortable = new Set(fields.filter(({ kind }) => kind !== 'prose').map(({ name }) => name));
  const query = (parameters: Parameters): Query => {
    const og = fields.flatMap((field) => {
      const text = parameters[field.name];
      return text === undefined ? [] : [comparisonOf(field, text)];
    });
    const sorter = listOf(parameters, 'sorter');
    for (const name of sorter)
      if (!sortable.has(name.replace(/^-/, '')))
        throw malformed('felt', '?sorter', 'Der kan ikke sorteres efter feltet.');
    const vis = listOf(parameters, 'vis');
    if (vis.some((name) => !facets.has(name)) && parameters['vis'] !== 'uuid')
      throw malformed('felt', '?vis', 'Skal være uuid eller navne på dele af objektet.');
    return {
      udtryk: og.length === 0 ? null : { og },
      sorter,
      vis: parameters['vis'] === 'uuid' ? 'uuid' : vis.length > 0 ? vis : null,
      antal: flagOf(parameters, 'antal'),
      ...pageOf(parameters),
    };
  };
  const run: SearchParameters['run'] = (asked, search) =>
    search(asked).catch((cause: unknown) => {
      throw inParameters(asked, cause);
    });
  return { fields, query, run };
}
