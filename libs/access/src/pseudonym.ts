import { createHmac, type KeyObject } from 'node:crypto';

/** What may be a CPR number wherever it stands: ten digits, with or without a hyphen or a space. */
const PERSON_NUMBER = /(?<!\d)(\d{6})[- ]?(\d{4})(?!\d)/g;
const PERSON_URN = /urn:oio:cpr-nr:[^\s",;]*/gi;
const PREFIX = 'urn:oio:cpr-nr:';

/**
 * Stands for a citizen in the audit log: the same citizen has the same pseudonym, however the number was written, and
 * nobody without the key finds the way back (a plain hash of ten digits is reversed in seconds, O3).
 */
const pseudonymOf = (number: string, key: KeyObject): string => `cpr-hmac:${sumOf(number, key)}`;
const sumOf = (text: string, key: KeyObject): string =>
  createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);

function replace(text: string, key: KeyObject): string {
  return text
    .replace(PERSON_URN, (urn) => pseudonymOf(urn.slice(PREFIX.length).replace(/[^\d]/g, ''), key))
    .replace(PERSON_NUMBER, (_, date: string, serial: string) => pseudonymOf(date + serial, key));
}

/**
 * A copy of search criteria in which every CPR number, and every ten digits that could be one, is a pseudonym (O1); and
 * every text that is one of the names.
 */
export function pseudonymise(criteria: unknown, key: KeyObject, names?: ReadonlySet<string>): unknown {
  if (typeof criteria === 'string')
    return names?.has(criteria)
      ? `navn-hmac:${sumOf(criteria.normalize('NFC').toLowerCase(), key)}`
      : replace(criteria, key);
  if (typeof criteria === 'number')
    return replace(`${criteria}`, key) === `${criteria}` ? criteria : replace(`${criteria}`, key);
  if (Array.isArray(criteria)) return criteria.map((each) => pseudonymise(each, key, names));
  if (typeof criteria !== 'object' || criteria === null) return criteria;
  return Object.fromEntries(
    Object.entries(criteria).map(([name, value]) => [replace(name, key), pseudonymise(value, key, names)]),
  );
}
