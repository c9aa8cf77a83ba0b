import type { Operand } from '@stoettesystemer/engine';
import { isUrn, isUuid, malformed, parseInstant } from '@stoettesystemer/object';
import { isDay } from '../intake/field-checks';
import type { SearchField } from './search-fields';

const WHOLE = /^-?\d{1,15}$/;
const DECIMAL = /^-?\d{1,40}(\.\d{1,40})?$/;

const isReference = (value: unknown): value is { uuid: string } | { urn: string } => {
  if (typeof value !== 'object' || value === null) return false;
  const { uuid, urn } = value as { uuid?: unknown; urn?: unknown };
  return Object.keys(value).length === 1 && (isUuid(uuid) || isUrn(urn));
};

/** Whether a value can be compared with a field of the kind; what it must look like, in Danish, where it cannot. */
const texts: Readonly<
  Record<
    SearchField['kind'],
    readonly [fits: (value: unknown, field: SearchField) => boolean, besked: string]
  >
> = {
  text: [(value) => typeof value === 'string', 'Skal være en tekst.'],
  texts: [(value) => typeof value === 'string', 'Skal være en tekst.'],
  prose: [(value) => typeof value === 'string' && value.trim() !== '', 'Skriv de ord, der søges efter.'],
  integer: [(value) => Number.isSafeInteger(value), 'Skal være et helt tal.'],
  number: [(value) => typeof value === 'number', 'Skal være et tal.'],
  decimal: [(value) => typeof value === 'string' && DECIMAL.test(value), 'Skal være et beløb som tekst.'],
  date: [isDay, 'Skal være en dato, der findes.'],
  instant: [
    (value) => typeof value === 'string' && parseInstant(value) !== null,
    'Skal være et tidspunkt med tidszone.',
  ],
  boolean: [(value) => typeof value === 'boolean', 'Skal være true eller false.'],
  choice: [(value, { values = [] }) => values.includes(value as string), 'Er ikke en af feltets værdier.'],
  urn: [isUrn, 'Skal være en URN.'],
  uuid: [isUuid, 'Skal være en UUID.'],
  reference: [isReference, 'Skal være { "uuid": … } eller { "urn": … }.'],
  relation: [
    (value, { hasText }) =>
      isReference(value) ||
      (typeof value === 'string' && (hasText === true || isUuid(value) || isUrn(value))),
    'Skal være { "uuid": … } eller { "urn": … }.',
  ],
};

/** Why a value cannot be compared with a field, or null when it can. */
export function misfit(field: SearchField, value: unknown): string | null {
  const [fits, besked] = texts[field.kind];
  return fits(value, field) ? null : besked;
}

/** Fields that a beginning makes sense of. */
export const hasBeginning = ({ kind, hasText }: SearchField): boolean =>
  kind === 'text' || kind === 'texts' || kind === 'urn' || (kind === 'relation' && hasText === true);

const written: Partial<Record<SearchField['kind'], (text: string) => unknown>> = {
  integer: (text) => (WHOLE.test(text) ? Number(text) : undefined),
  number: (text) => (DECIMAL.test(text) ? Number(text) : undefined),
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  reference: (text) => (isUuid(text) ? { uuid: text.toLowerCase() } : { urn: text }),
};

/** The operand that a parameter's text stands for. @throws Refusal 400 */
export function operandOf(field: SearchField, text: string): Operand {
  const value = written[field.kind] ? written[field.kind]?.(text) : text;
  const besked = text === '' ? 'Må ikke være tom.' : misfit(field, value);
  if (besked !== null) throw malformed('operand', `?${field.name}`, besked);
  return value as Operand;
}
