import { keyOf } from '@stoettesystemer/object';
import { type Body, compare, fields, isReference } from './naive-search';

const danish = new Intl.Collator('da', { sensitivity: 'variant', caseFirst: 'upper' });

export const sortable = [
  'brugervendtNoegle',
  'titel',
  'egenskaber.antal',
  'beloeb',
  'dato',
  'tid',
  'aktiv',
  'farve',
  'vaegt',
  'adresse',
  'id',
  'gyldighed',
  'naboer',
  'overordnet',
  'registreringFra',
  'oprettet',
  'uuid',
  'livscyklus',
];

/**
 * Which of two bodies a name of a sort puts first: below zero for the first. An object is sorted by the least of its
 * values; one without comes before all. `bornAt` says when an object was made.
 */
export function order(a: Body, b: Body, name: string, bornAt: (uuid: string) => string): number {
  const felt = name.replace(/^-/, '');
  const turn = name.startsWith('-') ? -1 : 1;
  const column = (body: Body): string | undefined =>
    ({
      uuid: body.uuid,
      livscyklus: body.registrering.livscyklus,
      registreringFra: filled(body.registrering.fra),
      oprettet: filled(bornAt(body.uuid)),
    })[felt];
  const [x, y] = [column(a), column(b)];
  if (x !== undefined && y !== undefined) return turn * (x < y ? -1 : x > y ? 1 : 0);
  const { naive } = fields[felt]!;
  const isNumber = ['egenskaber.antal', 'beloeb', 'vaegt', 'tid'].includes(felt);
  const by = (one: unknown, other: unknown): number =>
    isNumber ? compare(naive.rank!(one), naive.rank!(other)) : danish.compare(textOf(one), textOf(other));
  const least = (body: Body): unknown =>
    (body.facets[naive.facet] ?? []).flatMap((item) => naive.values(item)).sort(by)[0] ?? null;
  const [left, right] = [least(a), least(b)];
  if (left === null || right === null) return turn * (left === right ? 0 : left === null ? -1 : 1);
  return turn * by(left, right);
}

const filled = (text: string): string => text.replace('Z', '').padEnd(20, '.').padEnd(26, '0');
const textOf = (value: unknown): string => (isReference(value) ? keyOf(value) : String(value));
