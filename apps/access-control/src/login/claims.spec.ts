import { CLAIM, claimsOfAssertion, claimsOfIdToken, OLD_CLAIM } from './claims';
import { SAML } from './saml/names';

const UUID = 'E3300000-0000-4000-8000-000000000001';
const persistent = { format: SAML.persistent, value: 'noget andet' };
const subjectName = (value: string) => ({ format: SAML.subjectName, value });
const old = (changes: Record<string, string> = {}) =>
  new Map(
    Object.entries({
      [OLD_CLAIM.specVersion]: 'DK-SAML-2.0',
      [OLD_CLAIM.cvr]: '12345678',
      [OLD_CLAIM.level]: '3',
      ...changes,
    }).map(([name, value]) => [name, [value]]),
  );
const young = (changes: Record<string, string> = {}) =>
  new Map(
    Object.entries({
      [CLAIM.specVersion]: 'OIO-SAML-3.0',
      [CLAIM.cvr]: '12345678',
      [CLAIM.level]: 'Substantial',
      ...changes,
    }).map(([name, value]) => [name, [value]]),
  );
const refused = (reason: string) =>
  expect.objectContaining({ kode: 'idp_svar', reason: expect.stringContaining(reason) as string }) as Error;

describe('OIOSAML 3', () => {
  test('the user is the persistent UUID, in lower case, whatever the name says', () => {
    expect(claimsOfAssertion(young({ [CLAIM.subject]: UUID }), persistent)).toEqual({
      cvr: '12345678',
      level: 'Substantial',
      subject: UUID.toLowerCase(),
      privileges: null,
    });
  });

  test('without that attribute the name says the UUID: by itself, as a URN, or as a serial', () => {
    for (const nameId of [
      { format: SAML.persistent, value: UUID },
      { format: SAML.persistent, value: ` urn:uuid:${UUID} ` },
      subjectName(`C=DK,O=12345678,CN=Opdigtet Person,Serial=${UUID}`),
    ])
      expect(claimsOfAssertion(young(), nameId).subject).toBe(UUID.toLowerCase());
  });

  test.each(['Low', 'Substantial', 'High'])('the level %s may be a word or an address', (level) => {
    for (const said of [level, `https://data.gov.dk/concept/core/nsis/loa/${level}`])
      expect(claimsOfAssertion(young({ [CLAIM.level]: said, [CLAIM.subject]: UUID }), persistent).level).toBe(
        level,
      );
  });
});

describe('DK-SAML 2.0', () => {
  test.each([
    ['2', 'Low'],
    ['3', 'Substantial'],
    ['4', 'High'],
  ])('level %s is NSIS %s', (said, level) => {
    const claims = claimsOfAssertion(old({ [OLD_CLAIM.level]: said }), subjectName(`C=DK,Serial=${UUID}`));
    expect(claims).toEqual({ cvr: '12345678', level, subject: UUID.toLowerCase(), privileges: null });
  });

  test.each(['1', '5', '', 'Substantial', 'constructor'])('level %j is none', (said) => {
    const nameId = subjectName(`C=DK,Serial=${UUID}`);
    expect(() => claimsOfAssertion(old({ [OLD_CLAIM.level]: said }), nameId)).toThrow(refused('NSIS'));
  });

  test.each([
    ['no serial', 'C=DK,O=12345678'],
    ['a serial that is no UUID', 'C=DK,Serial=PID:9208-2002-2-123456789012'],
    ['two serials', `C=DK,CN=Ond,Serial=${UUID},Serial=${UUID}`],
  ])('with %s there is no user', (_, value) => {
    expect(() => claimsOfAssertion(old(), subjectName(value))).toThrow(refused(''));
  });

  test('names of both profiles are never mixed', () => {
    const both = new Map([
      ...young({ [CLAIM.subject]: UUID, [CLAIM.level]: 'Low' }),
      ...old({ [OLD_CLAIM.level]: '4' }),
    ]);
    expect(claimsOfAssertion(both, persistent).level).toBe('Low');
    const neither = new Map([...young({ [CLAIM.specVersion]: 'x' }), ...old()]);
    expect(() => claimsOfAssertion(neither, persistent)).toThrow(refused('neither'));
  });
});

describe('an ID token', () => {
  const token = (changes: Record<string, unknown> = {}) => ({
    sub: UUID,
    acr: 'https://data.gov.dk/concept/core/nsis/loa/High',
    [CLAIM.cvr]: '12345678',
    ...changes,
  });

  test('says the level in acr or by its own name, which goes first', () => {
    expect(claimsOfIdToken(token())).toMatchObject({ level: 'High', subject: UUID.toLowerCase() });
    expect(claimsOfIdToken(token({ [CLAIM.level]: 'Low' })).level).toBe('Low');
  });

  test.each([
    ['a CPR number', { sub: '0101011234' }],
    ['no user', { sub: undefined }],
    ['a CVR number that is a number', { [CLAIM.cvr]: 12345678 }],
    ['two CVR numbers', { [CLAIM.cvr]: ['12345678', '87654321'] }],
    ['no level', { acr: undefined }],
    ['rights that are no text', { [CLAIM.privileges]: {} }],
  ])('with %s is refused', (_, changes) => {
    expect(() => claimsOfIdToken(token(changes))).toThrow(refused(''));
  });
});
