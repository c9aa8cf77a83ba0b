import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { publicKeysFile, SigningKeys } from './signing-keys';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let directory: string;
let clock = 0;
const opened: SigningKeys[] = [];
const open = async (): Promise<SigningKeys> => {
  const keys = await SigningKeys.open({ directory, now: () => clock, lookEvery: 20 });
  opened.push(keys);
  return keys;
};
beforeEach(() => {
  clock = 1_800_000_000_000;
  directory = mkdtempSync(join(tmpdir(), 'signing-keys-'));
});
afterEach(() => {
  for (const keys of opened.splice(0)) keys.onModuleDestroy();
  rmSync(directory, { recursive: true });
});

const kidsOf = ({ keys }: JSONWebKeySet) => keys.map(({ kid }) => kid);
const published = () => JSON.parse(readFileSync(publicKeysFile(directory), 'utf8')) as JSONWebKeySet;
const sign = (keys: SigningKeys) => keys.sign({ sub: 'x' }, { typ: 'at+jwt' });
const verify = (token: string, keys = published()) => jwtVerify(token, createLocalJWKSet(keys));

test('signs with the first of the published keys, and the secret file is for nobody else', async () => {
  const keys = await open();
  const token = await sign(keys);
  expect(decodeProtectedHeader(token)).toEqual({
    alg: 'ES256',
    typ: 'at+jwt',
    kid: keys.publicJwks().keys[0]?.kid,
  });
  await expect(verify(token)).resolves.toMatchObject({ payload: { sub: 'x' } });
  expect(statSync(join(directory, 'adgangsstyring-noegler.json')).mode & 0o777).toBe(0o600);
  expect(readFileSync(publicKeysFile(directory), 'utf8')).not.toContain('"d"');
});

test('several that come at once end up with the same keys, and so does the next start', async () => {
  const all = await Promise.all(Array.from({ length: 6 }, open));
  const [first] = all.map((keys) => kidsOf(keys.publicJwks()));
  for (const keys of [...all, await open()]) expect(kidsOf(keys.publicJwks())).toEqual(first);
});

test('A10: the next key is published before it signs, and the former verifies for a day more', async () => {
  const keys = await open();
  const [active, next] = kidsOf(keys.publicJwks());
  const before = await sign(keys);
  clock += HOUR;
  await keys.rotate();
  expect(kidsOf(published())).toEqual([next, expect.any(String), active]);
  const after = await sign(keys);
  expect(decodeProtectedHeader(after).kid).toBe(next);
  await expect(verify(before)).resolves.toBeDefined();
  await expect(verify(after)).resolves.toBeDefined();
  clock += 24 * HOUR - MINUTE;
  expect(kidsOf(keys.publicJwks())).toContain(active);
  clock += 2 * MINUTE;
  expect(kidsOf(keys.publicJwks())).not.toContain(active);
});

test('a former key’s secret half is thrown away', async () => {
  const keys = await open();
  clock += HOUR;
  await keys.rotate();
  const secrets = readFileSync(join(directory, 'adgangsstyring-noegler.json'), 'utf8').match(/"d":/g);
  expect(secrets).toHaveLength(2);
  expect(keys.secretJwks().keys).toHaveLength(2);
});

test('a next key that not everybody can know yet is not taken, unless the active one is compromised', async () => {
  const keys = await open();
  const [active, next] = kidsOf(keys.publicJwks());
  const before = await sign(keys);
  await expect(keys.rotate()).rejects.toMatchObject({ status: 409, kode: 'noegle_for_ny' });
  await keys.rotate({ compromised: true });
  expect(kidsOf(published())[0]).toBe(next);
  expect(kidsOf(published())).not.toContain(active);
  await expect(verify(before)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
});

test('a rotation in one process is a rotation in all', async () => {
  const [one, other] = [await open(), await open()];
  const heard = new Promise<void>((resolve) => other.onChange(resolve));
  clock += HOUR;
  await one.rotate();
  await heard;
  expect(other.publicJwks()).toEqual(one.publicJwks());
  const { kid } = decodeProtectedHeader(await sign(other));
  expect(kid).toBe(kidsOf(one.publicJwks())[0]);
});

test('a file that cannot be read stops the start, and is not quoted', async () => {
  writeFileSync(join(directory, 'adgangsstyring-noegler.json'), '{"active":{"d":"hemmelig"');
  const failed = open();
  await expect(failed).rejects.toThrow(/kan ikke læses/);
  await expect(failed).rejects.not.toThrow(/hemmelig/);
});
