import { createPrivateKey, generateKeyPair, randomUUID, X509Certificate } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { selfSigned } from './self-signed';

/** An RSA key and its certificate, both in PEM. */
export interface SigningPair {
  readonly privateKey: string;
  readonly certificate: string;
}

const BITS = 2048;
const YEARS = 10;
const KEY = /-----BEGIN (?:RSA )?PRIVATE KEY-----[^-]+-----END (?:RSA )?PRIVATE KEY-----\n?/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/;

/**
 * The pair in a file that holds both. Where `mayMake`, it is made by whoever comes first; several processes may come at
 * once, and all end up with the same one. @throws Error in Danish when it is missing, or cannot be used.
 */
export async function signingPairFrom(file: string, name: string, mayMake: boolean): Promise<SigningPair> {
  const found = await read(file);
  if (found !== null) return pairIn(found, file);
  if (!mayMake)
    throw new Error(
      `Filen ${file} mangler. Den skal have en privat RSA-nøgle og dens certifikat, begge i PEM.`,
    );
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, await newPair(name), { mode: 0o600, flag: 'wx' });
  try {
    // Unlike a rename, a link fails when another process got there first.
    await link(draft, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    await rm(draft);
  }
  return pairIn((await read(file)) ?? '', file);
}

async function read(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw cause;
  });
}

async function newPair(name: string): Promise<string> {
  const keys = await promisify(generateKeyPair)('rsa', { modulusLength: BITS });
  const from = new Date();
  const to = new Date(from);
  to.setUTCFullYear(to.getUTCFullYear() + YEARS);
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return key + selfSigned({ name, from, to }, keys);
}

function pairIn(text: string, file: string): SigningPair {
  const [privateKey] = KEY.exec(text) ?? [];
  const [certificate] = CERTIFICATE.exec(text) ?? [];
  if (privateKey !== undefined && certificate !== undefined && belong(privateKey, certificate))
    return { privateKey, certificate };
  throw new Error(`Filen ${file} skal have en privat RSA-nøgle og dens certifikat, begge i PEM.`);
}

/** Node's own message may quote the key, so it is not passed on. */
function belong(privateKey: string, certificate: string): boolean {
  try {
    const key = createPrivateKey(privateKey);
    return key.asymmetricKeyType === 'rsa' && new X509Certificate(certificate).checkPrivateKey(key);
  } catch {
    return false;
  }
}
