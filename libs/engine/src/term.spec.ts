import { type Declaration, define, group, text } from '@stoettesystemer/object';
import { Journal, Ting } from '@stoettesystemer/testing';
import fc from 'fast-check';
import { fieldCode, fieldCodes, proseOf, sortableDecimal, termsOf, termValue } from './term';

/** Exact: a whole number of 10^-20. */
const exact = (decimal: string): bigint => {
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const size = BigInt(whole + fraction.padEnd(20, '0'));
  return decimal.startsWith('-') ? -size : size;
};
const digits = (min: number, max: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: min, maxLength: max }).map((list) => list.join(''));
const decimal = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(digits(1, 3), digits(1, 20)),
    fc.oneof(fc.constant(''), digits(1, 3), digits(1, 20)),
  )
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`);

describe('a number in the index', () => {
  it('sorts as a text as it does as a number, however it was written', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [x, y] = [sortableDecimal(a), sortableDecimal(b)];
        expect(Math.sign(x < y ? -1 : x > y ? 1 : 0)).toBe(
          exact(a) < exact(b) ? -1 : exact(a) > exact(b) ? 1 : 0,
        );
      }),
      { numRuns: 5_000 },
    );
  });

  it('is the same for one value in two kinds of writing', () => {
    const same = (...all: string[]) => expect(new Set(all.map(sortableDecimal)).size).toBe(1);
    same('0', '-0', '0.00', '-0.000', '00');
    same('1.5', '01.50', '001.500');
    same('-1.5', '-01.50');
    const number = { kind: 'number' as const };
    for (const [a, b] of [
      [1e-7, '0.0000001'],
      [1.5e-7, '0.00000015'],
      [0.1, '0.1'],
      [-2.5, '-2.50'],
      [9007199254740991, '9007199254740991'],
      [5e-324, '5e-324'],
    ] as const)
      if (!b.includes('e')) expect(termValue(number, a)).toBe(sortableDecimal(b));
    const doubles = fc.double({
      noNaN: true,
      noDefaultInfinity: true,
      min: -9007199254740991,
      max: 9007199254740991,
    });
    fc.assert(
      fc.property(doubles, doubles, (a, b) => {
        const [x, y] = [termValue(number, a), termValue(number, b)];
        expect(x < y ? -1 : x > y ? 1 : 0).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('an instant in the index', () => {
  it('sorts as a text as it does in time, whatever its zone and fraction', () => {
    const value = (text_: string) => termValue({ kind: 'instant' }, text_);
    const rising = [
      '1850-01-01T00:00:00+01:00',
      '1969-12-31T23:59:59.999999Z',
      '1970-01-01T00:00:00Z',
      '1970-01-01T00:00:00.000001Z',
      '1970-01-01T00:00:00.00001Z',
      '1970-01-01T00:00:00.1Z',
      '1970-01-01T00:00:01Z',
      '2026-11-23T00:30:00+01:00',
      '2026-11-22T23:31:00Z',
      '9999-12-31T23:59:59.999999Z',
    ];
    expect(rising.map(value)).toEqual(rising.map(value).toSorted());
    expect(value('2026-01-01T01:00:00+01:00')).toBe(value('2026-01-01T00:00:00.000Z'));
  });
});

const piece = (facet: string, members: object) => ({
  section: 'a' as const,
  facet,
  slot: '',
  value: JSON.stringify(members),
  about: null,
  period: { from: 0n, to: null },
});

describe('what a fact is found by', () => {
  it('is each searched member, and each of several texts', () => {
    const found = termsOf(
      Ting,
      piece('egenskaber', {
        brugervendtNoegle: 'N',
        beskrivelse: 'ikke søgt',
        ord: ['a', 'b'],
        aktiv: false,
      }),
    );
    const code = (member: string) => fieldCode('Ting', 'egenskaber', member);
    expect(found).toEqual([
      { field: code('brugervendtNoegle'), value: 'N' },
      { field: code('aktiv'), value: 'false' },
      { field: code('ord'), value: 'a' },
      { field: code('ord'), value: 'b' },
    ]);
  });

  it('is the words of its prose, one body a weight, lists and HTML too', () => {
    const found = proseOf(
      Ting,
      piece('egenskaber', {
        titel: 'Skole',
        ord: ['bus', 'tog'],
        beskrivelse: 'Om',
        omtale: '<p>bus<br>kort</p><ul><li>tog</li></ul>',
      }),
    );
    const words = Object.fromEntries(found.map(({ weight, body }) => [weight, body.split(/\s+/).join(' ')]));
    expect(words).toEqual({ A: 'Skole', B: 'bus tog', C: 'Om bus kort tog' });
  });
});

describe('the codes of fields', () => {
  it('are all different among the types of a service, or it does not start', () => {
    const typeWith = (...members: string[]): Declaration =>
      define({
        name: 'Ting',
        path: 'ting',
        doc: 'Sammenstød.',
        deletion: 'logical',
        attributes: {
          egenskaber: group(
            'Egenskaber.',
            Object.fromEntries(members.map((member) => [member, text({ search: true, max: 9, doc: 'En.' })])),
          ),
        },
        states: {},
        relations: {},
      });
    // Of a hundred thousand names two have one hash of four bytes.
    const seen = new Map<number, string>();
    let [a = '', b = ''] = ['', ''];
    for (let n = 0; a === ''; n++) {
      const code = fieldCode('Ting', 'egenskaber', `m${n}`);
      [a, b] = [seen.get(code) ?? '', `m${n}`];
      seen.set(code, b);
    }
    expect(() => fieldCodes([Ting, Journal])).not.toThrow();
    expect(() => fieldCodes([typeWith(a, b)])).toThrow(`Ting.egenskaber.${a} and Ting.egenskaber.${b}`);
  });
});
