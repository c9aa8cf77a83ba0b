import fc from 'fast-check';
import { claimsOf } from './access-token';
import { sizeFault } from './token-size';

const OWNER = '12345678';
const uuid = 'd3300000-0000-4000-8000-0000000000f1';
const issued = {
  iss: 'https://adgang.stoettesystemerne.eksempel.dk/adgangsstyring',
  iat: 1_800_000_000,
  exp: 1_800_000_300,
  jti: 'x'.repeat(43),
  client_id: uuid,
  cnf: { jkt: 'x'.repeat(43) },
};
const group = fc.record({
  kind: fc.constantFrom('system' as const, 'user' as const),
  privileges: fc.array(fc.constantFrom('sag:laes', 'sag:skriv'), { minLength: 1, maxLength: 2 }),
  constraints: fc.record({
    kle: fc.array(fc.constantFrom('27.*', '27.18.02'), { maxLength: 150, size: 'max' }),
    'http://eksempel.dk/ø/1': fc.array(fc.constantFrom('æøå', 'b'), { maxLength: 150, size: 'max' }),
  }),
});

test('what is let through where it is given comes in a token; what is refused is near the edge or beyond it', () => {
  const counts = { fits: 0, fails: 0 };
  fc.assert(
    fc.property(fc.array(group, { maxLength: 10, size: 'max' }), (groups) => {
      const issue = () =>
        claimsOf(issued, {
          service: 'urn:stoettesystemerne:service:beskedfordeler',
          owner: OWNER,
          scope: `cvr:${OWNER}`,
          decision: {
            refused: null,
            groups: groups.map((each) => ({ ...each, ground: { kind: each.kind } })),
            void: [],
            agreement: { uuid, version: 3 },
            until: null,
          },
          behalf: {
            user: { subject: uuid, home: OWNER, idp: uuid, level: 'Substantial', jobFunctions: [] },
            login: uuid,
            act: { sub: uuid, act: { sub: uuid } },
            owner: null,
            through: null,
          },
        });
      const fault = sizeFault(
        groups.map((each) => ({ services: ['a', 'b'], group: each })),
        OWNER,
      );
      counts[fault === null ? 'fits' : 'fails'] += 1;
      if (fault === null) expect(issue).not.toThrow();
      else expect(Number(/fylde (\d+) tegn/.exec(fault)?.[1])).toBeGreaterThan(8192);
    }),
  );
  expect(Math.min(counts.fits, counts.fails)).toBeGreaterThan(5);
});

test('roles in different services come in different tokens', () => {
  const large = { kle: Array.from({ length: 400 }, () => '27.18.02') };
  const given = ['a', 'b'].map((service) => ({
    services: [service],
    group: { kind: 'system' as const, privileges: ['sag:laes'], constraints: large },
  }));
  expect(sizeFault(given, OWNER)).toBeNull();
  expect(sizeFault([...given, { ...given[0]!, services: ['b'] }], OWNER)).toContain('27.*');
});
