import type { AsOf } from '@stoettesystemer/engine';
import {
  type Instant,
  invalid,
  malformed,
  parseInstant,
  period as p,
  type Period,
} from '@stoettesystemer/object';
import type { Parameters } from './query-string';

/** The parameters of every read and search (contract §3). */
export const AS_OF = [
  'virkning',
  'virkningstid',
  'virkningFra',
  'virkningTil',
  'registreringstid',
  'registreringFra',
  'registreringTil',
] as const;

function instantOf(parameters: Parameters, name: string): Instant | undefined {
  const text = parameters[name];
  if (text === undefined) return undefined;
  const instant = parseInstant(text);
  if (instant !== null) return instant;
  // An unescaped plus is a space in a query, and the commonest mistake of all.
  const hint = / \d\d:\d\d$/.test(text) ? ' Skriv + som %2B.' : '';
  throw malformed(
    'tidspunkt',
    `?${name}`,
    `Skal være et tidspunkt med tidszone, for eksempel 2026-01-31T12:00:00Z.${hint}`,
  );
}

function axis(
  parameters: Parameters,
  name: 'virkning' | 'registrering',
): { at: Instant } | Period | undefined {
  const at = instantOf(parameters, `${name}stid`);
  const from = instantOf(parameters, `${name}Fra`);
  const to = instantOf(parameters, `${name}Til`);
  if (at !== undefined) {
    if (from === undefined && to === undefined) return { at };
    throw malformed('modstrid', `?${name}stid`, `Brug enten ${name}stid eller ${name}Fra og ${name}Til.`);
  }
  if (from === undefined) {
    if (to === undefined) return undefined;
    throw malformed('paakraevet', `?${name}Fra`, `${name}Til kræver ${name}Fra.`);
  }
  const period = { from, to: to ?? null };
  if (p.isEmpty(period)) throw invalid('periode', `?${name}Fra`, 'Fra skal ligge før til.');
  return period;
}

/** Reads when, on both axes; now and now when nothing is said. @throws Refusal 400, 422 for a period that ends before it begins. */
export function asOf(parameters: Parameters): AsOf {
  const valid = axis(parameters, 'virkning');
  const recorded = axis(parameters, 'registrering');
  const { virkning } = parameters;
  if (virkning !== undefined && virkning !== 'alle')
    throw malformed('vaerdi', '?virkning', 'Kan kun være alle.');
  if (virkning !== undefined && valid)
    throw malformed('modstrid', '?virkning', 'virkning=alle kan ikke bruges med et tidspunkt.');
  return {
    virkning: virkning === 'alle' ? 'alle' : (valid ?? 'nu'),
    registrering: recorded ?? 'nu',
  };
}

/** Whether the same answer comes of the same question tomorrow, as long as nobody changes the object. */
export const isSteady = (parameters: Parameters): boolean =>
  'virkning' in parameters || 'virkningstid' in parameters || 'virkningFra' in parameters;
