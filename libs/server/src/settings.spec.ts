import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsFrom } from './settings';

test('without anything said', () => {
  expect(settingsFrom({})).toMatchObject({
    profile: 'udvikling',
    port: 3000,
    databaseUrl: null,
    metricsPort: null,
    externalUrl: 'http://localhost:3000',
    issuer: 'http://localhost:3000/adgangsstyring',
    issuerKeys: 'http://127.0.0.1:3000/adgangsstyring/jwks',
    revocations: 'http://127.0.0.1:3000/adgangsstyring/tilbagekaldelser',
    rate: null,
    proxies: null,
  });
});

test('what is said', () => {
  const said = {
    PROFIL: 'produktion',
    PORT: '8080',
    DATA_DIR: '/var/lib/x',
    DATABASE_URL: 'postgres://u:p@h/d',
    METRIKPORT: '9100',
    EKSTERN_URL: 'https://api.example.dk/',
    RATE: '10/20',
    CERTIFIKAT_HEADER: 'X-Cert',
    PROXYER: '10.0.0.1,10.0.0.2',
  };
  expect(settingsFrom(said)).toMatchObject({
    profile: 'produktion',
    port: 8080,
    dataDir: '/var/lib/x',
    databaseUrl: 'postgres://u:p@h/d',
    metricsPort: 9100,
    externalUrl: 'https://api.example.dk',
    cursorSecretFile: '/var/lib/x/cursor.noegle',
    rate: { perSecond: 10, burst: 20 },
    proxies: { header: 'x-cert', addresses: ['10.0.0.1', '10.0.0.2'] },
  });
});

test.each([
  [{ PROFIL: 'test' }, 'PROFIL'],
  [{ PROFIL: 'produktion' }, 'EKSTERN_URL'],
  [{ PORT: 'x' }, 'PORT'],
  [{ PORT: '70000' }, 'PORT'],
  [{ METRIKPORT: '-1' }, 'METRIKPORT'],
  [{ EKSTERN_URL: 'x' }, 'EKSTERN_URL'],
  [{ ADGANGSSTYRING: 'adgang:3000' }, 'ADGANGSSTYRING'],
  [{ BESKEDFORDELER: 'ja' }, 'BESKEDFORDELER'],
  [{ RATE: '10' }, 'RATE'],
  [{ RATE: '0/0' }, 'RATE'],
  [{ PROFIL: 'produktion', EKSTERN_URL: 'https://x.dk', PUSH_UNDTAGET: '127.0.0.0/8' }, 'PUSH_UNDTAGET'],
  [{ CERTIFIKAT_HEADER: 'X-Cert' }, 'PROXYER'],
])('%j is refused, and the variable named', (environment, name) => {
  expect(() => settingsFrom(environment)).toThrow(name);
});

test('tokens are Adgangsstyring’s, wherever it is, or another’s, who tells of no revocations', () => {
  const issuerIn = (environment: Record<string, string>) => {
    const { issuer, issuerKeys, revocations } = settingsFrom({
      EKSTERN_URL: 'https://api.dk/',
      ...environment,
    });
    return [issuer, issuerKeys, revocations];
  };
  const inside = 'http://adgang:3000/adgangsstyring';
  const ours = 'https://api.dk/adgangsstyring';
  expect(issuerIn({ PROFIL: 'produktion', ADGANGSSTYRING: `${inside}/` })).toEqual([
    ours,
    `${inside}/jwks`,
    `${inside}/tilbagekaldelser`,
  ]);
  const other = { UDSTEDER: 'urn:anden', UDSTEDER_NOEGLER: '/noegler.json' };
  expect(issuerIn(other)).toEqual(['urn:anden', '/noegler.json', null]);
  expect(issuerIn({ ...other, ADGANGSSTYRING: inside })).toEqual([
    'urn:anden',
    '/noegler.json',
    `${inside}/tilbagekaldelser`,
  ]);
});

test('MB of ready answers', () => {
  expect(settingsFrom({}).copies).toBe(128 * 1024 * 1024);
  expect(settingsFrom({ MELLEMLAGER: '0' }).copies).toBe(0);
  expect(settingsFrom({ MELLEMLAGER: '5' }).copies).toBe(5 * 1024 * 1024);
  for (const wrong of ['-1', '1.5', 'x', '1e3'])
    expect(() => settingsFrom({ MELLEMLAGER: wrong })).toThrow('MELLEMLAGER');
});

test('every setting is in the manual, and no other', () => {
  const asked = new Set<string>();
  settingsFrom(
    new Proxy<Record<string, string | undefined>>({}, { get: (_, name) => void asked.add(String(name)) }),
  );
  const manual = readFileSync(join(__dirname, '../../../docs/drift/indstillinger.md'), 'utf8');
  const table = manual.split('\n').filter((line) => line.startsWith('| `'));
  const told = table.flatMap((line) => line.split('|')[1]!.match(/[A-Z_]+/g) ?? []);
  expect(told.sort()).toEqual([...asked].sort());
});
