import { malformed } from '@stoettesystemer/object';
import { limits } from '../settings';

/** Parameters by name, in an object without a prototype to pollute. */
export type Parameters = Readonly<Record<string, string>>;

const NAME = /^[A-Za-z][A-Za-z0-9_.]*$/;
const PERSON = /urn:oio:cpr-nr:|^\d{6}-?\d{4}$/i;

const PLAIN = /^[\w.~:-]*$/;

function decoded(text: string): string {
  if (PLAIN.test(text)) return text;
  try {
    const value = decodeURIComponent(text.replaceAll('+', ' '));
    if (!value.includes('\0')) return value;
  } catch {
    // Not percent-encoded UTF-8: refused below, with the NUL.
  }
  throw malformed('forespoergsel', '', 'Parametrene er ikke gyldigt procentkodet UTF-8.');
}

/**
 * Reads the query of a URL where each name stands once (C11, T55).
 * @throws Refusal 400 for a repeated, nested or unreadable parameter, for too many, and for a CPR number.
 */
export function parametersOf(url: string): Parameters {
  const at = url.indexOf('?');
  const parameters = Object.create(null) as Record<string, string>;
  if (at < 0 || at === url.length - 1) return parameters;
  const parts = url.slice(at + 1).split('&', limits.http.parameters + 1);
  if (parts.length > limits.http.parameters)
    throw malformed('antal', '', `Højst ${limits.http.parameters} parametre.`);
  for (const part of parts) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decoded(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? '' : decoded(part.slice(equals + 1));
    if (!NAME.test(name)) throw malformed('ukendt', '', 'Et parameternavn kan ikke bruges.');
    if (name in parameters)
      throw malformed('gentaget', `?${name}`, 'Parameteren står flere gange. Brug en kommaliste.');
    if (PERSON.test(value))
      throw malformed(
        'personnummer',
        `?${name}`,
        'Personnumre må ikke stå i en adresse. Søg med POST …/soegninger.',
      );
    parameters[name] = value;
  }
  return parameters;
}

/** @throws Refusal 400 for a parameter that is not one of those the operation has. */
export function onlyThese(parameters: Parameters, names: ReadonlySet<string>): void {
  for (const name of Object.keys(parameters))
    if (!names.has(name)) throw malformed('ukendt', `?${name}`, 'Parameteren kendes ikke.');
}

export function integerOf(
  parameters: Parameters,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const text = parameters[name];
  if (text === undefined) return undefined;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw malformed('tal', `?${name}`, `Skal være et helt tal fra ${least} til ${most}.`);
}

export function flagOf(parameters: Parameters, name: string): boolean {
  const text = parameters[name];
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw malformed('vaerdi', `?${name}`, 'Skal være true eller false.');
}
