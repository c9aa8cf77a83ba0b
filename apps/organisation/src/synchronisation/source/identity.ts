import { createHash } from 'node:crypto';

/** Ours alone, made once at random. To change it would give every object from a source without UUIDs a new one. */
const NAMESPACE = 'b3a1f0f4-6d0e-4f5c-8a51-70c1f6f0a9d2';

/** RFC 9562 §5.5. */
function nameBased(name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(name.normalize('NFC'), 'utf8')
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/**
 * The UUID of what a source knows by a key of its own: always the same for the same municipality, source and key. The key
 * is never a CPR number, which could be guessed from the UUID.
 */
export type Identity = (kind: string, key: string) => string;

export const identityIn =
  (cvr: string, source: string): Identity =>
  (kind, key) =>
    nameBased(JSON.stringify([cvr, source, kind, key]));

/** The UUID under which the runs of a source are registered. */
export const runsOf = (cvr: string, source: string): string => identityIn(cvr, source)('synkronisering', '');
