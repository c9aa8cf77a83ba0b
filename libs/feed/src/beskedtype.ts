import { createHash } from 'node:crypto';

/** Made once for this purpose; another would give every beskedtype another UUID. */
const NAMESPACE = Buffer.from('64947071f86c4525aee0300e2e712562', 'hex');

const known = new Map<string, string>();

/**
 * UUID of the Klasse that classifies an event. Until the beskedtyper of these events are official classes, it is the
 * name-based UUID (version 5) of `<service>/<Type>/<handling>`, so that every installation has the same, and they can be
 * imported into a Klassifikation under it.
 */
export function beskedtypeOf(service: string, type: string, action: string): string {
  const name = `${service}/${type}/${action}`;
  let uuid = known.get(name);
  if (uuid === undefined) known.set(name, (uuid = nameBased(name)));
  return uuid;
}

function nameBased(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
