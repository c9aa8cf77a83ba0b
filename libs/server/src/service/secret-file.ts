import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const BYTES = 32;

const isMissing = (cause: unknown): boolean => (cause as NodeJS.ErrnoException).code === 'ENOENT';

async function read(file: string): Promise<Buffer | null> {
  const secret = await readFile(file).catch((cause: unknown) => {
    if (isMissing(cause)) return null;
    throw cause;
  });
  if (secret !== null && secret.length < BYTES)
    throw new Error(`Nøglen i ${file} skal fylde mindst ${BYTES} byte.`);
  return secret;
}

/**
 * The secret in a file. Where `mayMake`, it is made by whoever comes first; several processes may come at once, and
 * all end up with the same one. @throws Error in Danish when it is missing or too short.
 */
export async function secretFrom(file: string, mayMake: boolean): Promise<Buffer> {
  const found = await read(file);
  if (found) return found;
  if (!mayMake) throw new Error(`Nøglen ${file} mangler. Den skal være ens for alle instanser af tjenesten.`);
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, randomBytes(BYTES), { mode: 0o600, flag: 'wx' });
  try {
    // Unlike a rename, a link fails when another process got there first.
    await link(draft, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    await rm(draft);
  }
  return (await read(file))!;
}
