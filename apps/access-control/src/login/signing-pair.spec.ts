import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signingPairFrom } from './signing-pair';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signing-pair-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('several that come at once end up with the same pair, which nobody else can read', async () => {
  const file = join(folder, 'new', 'pair.pem');
  const pairs = await Promise.all([1, 2, 3].map(() => signingPairFrom(file, 'Prøve', true)));
  expect(new Set(pairs.map(({ privateKey }) => privateKey)).size).toBe(1);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(new X509Certificate(pairs[0]!.certificate).subject).toBe('CN=Prøve');
  expect(await signingPairFrom(file, 'Prøve', false)).toEqual(pairs[0]);
});

test('in production it is given, not made', async () => {
  await expect(signingPairFrom(join(folder, 'none.pem'), 'Prøve', false)).rejects.toThrow('mangler');
});

test('a key and a certificate that do not belong together are refused, and not quoted', async () => {
  const [one, two] = await Promise.all(
    ['a', 'b'].map((name) => signingPairFrom(join(folder, name), name, true)),
  );
  const file = join(folder, 'mixed.pem');
  for (const text of ['', 'x', one!.privateKey, one!.privateKey + two!.certificate]) {
    writeFileSync(file, text);
    const refusal: unknown = await signingPairFrom(file, 'Prøve', true).catch((cause: unknown) => cause);
    expect((refusal as Error).message).toBe(
      `Filen ${file} skal have en privat RSA-nøgle og dens certifikat, begge i PEM.`,
    );
  }
});
