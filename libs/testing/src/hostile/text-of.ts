import fc from 'fast-check';
import type { Schema } from './document';
import { hostileLine } from './letters';

interface Text {
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly contentMediaType?: string;
}

const pad = (n: number, size = 2): string => String(n).padStart(size, '0');

const year = fc.oneof(fc.integer({ min: 1990, max: 2040 }), fc.constantFrom(1851, 1899, 1970, 2038, 9998));
/** No day that some month has not. */
const day = fc
  .tuple(year, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([y, month, date]) => `${pad(y, 4)}-${pad(month)}-${pad(date)}`);
export const instant = fc
  .tuple(
    day,
    fc.nat(23),
    fc.nat(59),
    fc.nat(59),
    fc.constantFrom('', '.5', '.123456', '.000001'),
    fc.constantFrom('Z', '+01:00', '+02:00', '-11:30'),
  )
  .map(([date, h, m, s, fraction, zone]) => `${date}T${pad(h)}:${pad(m)}:${pad(s)}${fraction}${zone}`);

const urn = fc.oneof(
  fc.constantFrom('URN:Empty', 'urn:oio:kle:27.18.02', 'URN:OIO:x', 'urn:oio:x-æøå:~% _.'),
  fc.stringMatching(/^urn:oio:[a-z0-9][a-z0-9:._~%æøå -]{0,20}$/),
);
const html = fc.constantFrom(
  'Ren tekst',
  '<p>Tekst med <b>vægt</b></p>',
  '<ul><li>Et</li></ul>',
  '<i>Skrå</i>',
);

const TYPICAL = ["';--", '%_\\', 'Ærø', '😀', '(a+)+$'];

/** Text by a pattern: hostile where the pattern lets it through, else just what it asks for. */
function byPattern(pattern: string, min: number, max: number): fc.Arbitrary<string> {
  const expression = new RegExp(pattern, 'u');
  if (expression.test('urn:oio:x'))
    return TYPICAL.every((text) => expression.test(text)) ? filtered(expression, min, max) : urn;
  if (TYPICAL.every((text) => expression.test(text))) return filtered(expression, min, max);
  return fc
    .stringMatching(expression, { size: 'small' })
    .filter((text) => [...text].length >= min && [...text].length <= max);
}

const filtered = (expression: RegExp, min: number, max: number) =>
  hostileLine(min, max).filter((text) => expression.test(text));

/** Texts that the schema takes; `known` gives a UUID of something that is there, when there is anything. */
export function textOf(schema: Schema, known: (pick: number) => string | undefined): fc.Arbitrary<string> {
  const { format, pattern, minLength = 0, maxLength = 4000, contentMediaType } = schema as Text;
  if (format === 'uuid')
    return fc
      .tuple(fc.uuid(), fc.nat(), fc.constantFrom('new', 'known', 'known', 'upper'))
      .map(([made, pick, kind]) =>
        kind === 'new' ? made : kind === 'upper' ? made.toUpperCase() : (known(pick) ?? made),
      );
  if (format === 'date-time') return instant;
  if (format === 'date') return day;
  if (contentMediaType === 'text/html') return html;
  if (pattern !== undefined) return byPattern(pattern, minLength, maxLength);
  return hostileLine(minLength, maxLength);
}
