import fc from 'fast-check';
import { formatInstant, fromDatabase, type Instant, parseInstant } from './instant';

const MICROS_A_DAY = 86_400_000_000n;
const at = (iso: string): Instant => BigInt(Date.parse(iso)) * 1000n;

describe('reading an instant', () => {
  it.each([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T23:59:60Z',
    '2026-01-01T23:60:00Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+01:60',
    '2026-W53-1T00:00:00Z',
    '2026-001T00:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00Z',
    '2026-01-01',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:00:00z',
    '2026-01-01T00:00:00+0100',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00,5Z',
    '2026-01-01T00:00:00.1234567Z',
    '0000-01-01T00:00:00Z',
    '1849-12-31T09:59:59Z',
    '10000-01-01T00:00:00Z',
    '+10000-01-01T00:00:00Z',
    '-0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59-01:00',
    '-infinity',
    'infinity',
    'now',
    '',
    ' 2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z\n',
    '２０２６-01-01T00:00:00Z',
  ])('refuses %j', (text) => expect(parseInstant(text)).toBeNull());

  it.each([
    ['1850-01-01T00:00:00Z', '1850-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'],
    ['9999-12-31T00:00:00Z', '9999-12-31T00:00:00Z'],
    ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00Z'],
    ['2015-08-01T00:00:00+02:00', '2015-07-31T22:00:00Z'],
    ['2026-01-01T00:30:00-00:45', '2026-01-01T01:15:00Z'],
    ['2026-01-01T00:00:00.000001Z', '2026-01-01T00:00:00.000001Z'],
    ['2026-01-01T00:00:00.100000Z', '2026-01-01T00:00:00.1Z'],
    ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
    ['1850-01-01T00:00:00.5+01:00', '1849-12-31T23:00:00.5Z'],
  ])('reads %s and writes it as %s', (text, written) => {
    const instant = parseInstant(text);
    expect(instant).not.toBeNull();
    expect(formatInstant(instant!)).toBe(written);
  });

  it('counts microseconds as JavaScript counts milliseconds', () => {
    expect(parseInstant('2026-11-23T10:15:30.123456Z')).toBe(at('2026-11-23T10:15:30.123Z') + 456n);
    expect(parseInstant('1850-06-01T00:00:00Z')).toBe(at('1850-06-01T00:00:00Z'));
  });
});

describe('writing an instant', () => {
  const first = parseInstant('1850-01-01T00:00:00+14:00')!;
  const last = parseInstant('9999-12-31T23:59:59.999999Z')!;
  const instant = fc.oneof(
    fc.bigInt({ min: first, max: last }),
    fc.bigInt({ min: -2n * MICROS_A_DAY, max: 2n * MICROS_A_DAY }),
    fc.constantFrom(first, last, 0n, -1n, 1n),
  );

  it('is read back as the same, whatever was accepted', () => {
    fc.assert(fc.property(instant, (each) => expect(parseInstant(formatInstant(each))).toBe(each)));
  });

  it('is read back from what PostgreSQL writes of it', () => {
    const asPostgres = (text: string) => text.replace('T', ' ').replace('Z', '+00');
    fc.assert(
      fc.property(instant, (each) => expect(fromDatabase(asPostgres(formatInstant(each)))).toBe(each)),
    );
    expect(() => fromDatabase('infinity')).toThrow();
  });

  it('sorts as time does once the fraction is filled up', () => {
    const filled = (each: Instant) => formatInstant(each).replace('Z', '').padEnd(20, '.').padEnd(26, '0');
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        expect(filled(a) < filled(b)).toBe(a < b);
      }),
    );
  });
});
