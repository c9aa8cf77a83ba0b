import { isUuid, type Fault, Refusal } from '@stoettesystemer/object';
import {
  holdsPersonNumber,
  personNumberOf,
  PERSON_REFERENCE,
  type PersonReference,
} from '../envelope/person-number';

/** Values of one call, and characters of one value. */
export const VALUES = { most: 100_000, longest: 255 } as const;

const SHOWN = 50;
const PERSON_NUMBER = /^(\d{6})-?(\d{4})$/;

/** A value as lists keep it and events are compared with: a citizen by reference, a UUID in lower case. */
function taken(value: string, reference: PersonReference): string {
  const number = PERSON_NUMBER.exec(value)?.slice(1).join('') ?? personNumberOf(value);
  if (number !== null) return reference(number);
  return isUuid(value) ? value.toLowerCase() : value;
}

/**
 * Values as they are kept, each once.
 * @throws Refusal 422 with a pointer to each that is wrong, and no value repeated
 */
export function takenValues(values: unknown, sti: string, reference: PersonReference): readonly string[] {
  if (values === undefined) return [];
  if (!Array.isArray(values)) throw refusal([fault(sti, 'type', 'Skal være en liste af tekster.')]);
  if (values.length > VALUES.most)
    throw refusal([fault(sti, 'antal', `Må højst være ${VALUES.most} værdier ad gangen.`)]);
  const faults: Fault[] = [];
  const found = new Set<string>();
  for (const [at, value] of values.entries()) {
    const wrong = wrongIn(value);
    if (wrong) faults.push(fault(`${sti}/${at}`, ...wrong));
    else found.add(taken((value as string).normalize('NFC'), reference));
    if (faults.length >= SHOWN) break;
  }
  if (faults.length > 0) throw refusal(faults);
  // In one order, so that two calls that overlap wait for each other and not in a ring.
  return [...found].sort();
}

function wrongIn(value: unknown): readonly [kode: string, besked: string] | null {
  if (typeof value !== 'string') return ['type', 'Skal være en tekst.'];
  if (value.length === 0 || value.length > VALUES.longest)
    return ['laengde', `Skal være 1-${VALUES.longest} tegn.`];
  if (/[\p{Cc}\p{Cs},]/u.test(value)) return ['tegn', 'Må ikke indeholde komma, styretegn eller halve tegn.'];
  const isPerson = PERSON_NUMBER.test(value) || personNumberOf(value) !== null;
  if (!isPerson && !PERSON_REFERENCE.test(value) && holdsPersonNumber(value))
    return ['personnummer', 'Et CPR-nummer skal stå alene eller som urn:oio:cpr-nr:…'];
  return null;
}

const fault = (sti: string, kode: string, besked: string): Fault => ({ sti, kode, besked });
const refusal = (fejl: readonly Fault[]): Refusal =>
  new Refusal(422, 'vaerdi', 'Værdierne er ikke, som de skal være. Se fejl.', { fejl });
