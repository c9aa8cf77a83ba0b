import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { pseudonymise } from './pseudonym';

const key = createSecretKey(randomBytes(32));
const of = (value: unknown) => pseudonymise(value, key);
const one = of('urn:oio:cpr-nr:2512484916');

it('is one for a citizen, however the number is written', () => {
  expect(one).toMatch(/^cpr-hmac:[\w-]{22}$/);
  for (const written of [
    '2512484916',
    '251248-4916',
    '251248 4916',
    'URN:OIO:CPR-NR:2512484916',
    'urn:oio:cpr-nr:251248-4916',
  ])
    expect(of(written)).toBe(one);
  expect(of(2512484916)).toBe(one);
  expect(of('2512484917')).not.toBe(one);
  expect(pseudonymise('2512484916', createSecretKey(randomBytes(32)))).not.toBe(one);
});

it('finds it in texts, lists, members and names', () => {
  const { urn } = of({ urn: 'urn:oio:cpr-nr:2512484916' }) as { urn: string };
  expect(urn).toBe(one);
  expect(of(['brev til 2512484916, svar', { '2512484916': [2512484916] }])).toEqual([
    `brev til ${String(one)}, svar`,
    { [String(one)]: [one] },
  ]);
  expect(of('urn:oio:cpr-nr:2512484916,urn:oio:cpr-nr:2512484916')).toBe(`${String(one)},${String(one)}`);
});

it('hides a name that it is told of, and no text that only has it', () => {
  const names = new Set(['Åse Glemsel']);
  const criteria = { og: [{ felt: 'navn', iblandt: ['Åse Glemsel', 'Åse'] }] };
  const told = pseudonymise(criteria, key, names) as { og: [{ felt: string; iblandt: [string, string] }] };
  expect(told.og[0].iblandt[0]).toMatch(/^navn-hmac:[\w-]{22}$/);
  expect(told).toEqual({ og: [{ felt: 'navn', iblandt: [told.og[0].iblandt[0], 'Åse'] }] });
  // The same name is found again, however it was written.
  expect(pseudonymise('ÅSE GLEMSEL', key, new Set(['ÅSE GLEMSEL']))).toBe(told.og[0].iblandt[0]);
});

it('hides a CPR number that is not quite one', () => {
  expect(of('urn:oio:cpr-nr:25124849')).toMatch(/^cpr-hmac:/);
});

it('leaves the rest', () => {
  const rest = {
    kle: '27.18.02',
    cvr: '12345678',
    uuid: '6c0ad0a5-4e2c-4c3f-9e0f-0a8f5a0b1c2d',
    tid: '2026-11-23T10:15:30.123456Z',
    tal: [1, 12345678901, -3.5, true, null],
    urn: 'urn:oio:cvr-nr:12345678',
    langt: '12345678901',
  };
  expect(of(rest)).toEqual(rest);
});

it('never lets one through, wherever it stands', () => {
  const number = fc.stringMatching(/^\d{10}$/);
  fc.assert(
    fc.property(fc.jsonValue(), number, fc.stringMatching(/^[^\d]*$/), (around, cpr, text) => {
      const out = JSON.stringify(of({ around, a: [`${text}${cpr}${text}`], urn: `urn:oio:cpr-nr:${cpr}` }));
      return !out.includes(cpr);
    }),
  );
});
