import { createHash } from 'node:crypto';
import type { KleEntry } from './entry';
import { facetOf } from './kle-number';
import type { Advice } from './advice';

/** Ours alone, made once at random. To change it would give every class without an official UUID a new one. */
const NAMESPACE = '9d27c071-761c-4771-ad8b-427c586f7618';

/** RFC 9562 §5.5. */
function nameBased(name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

type Numbered = Pick<KleEntry, 'nr' | 'niveau' | 'uuid'>;
type UuidByNr = ReadonlyMap<string, string>;

/** The official UUID of the file, else of the list, else one that the number itself gives. Lower case. */
export const uuidFor = ({ nr, niveau, uuid }: Numbered, uuidList?: UuidByNr): string =>
  (uuid ?? uuidList?.get(nr))?.toLowerCase() ?? nameBased(`kle:${facetOf(niveau).toLowerCase()}:${nr}`);

export interface Identities {
  /** By number. */
  readonly uuid: UuidByNr;
  readonly raad: readonly Advice[];
}

/**
 * One UUID for each entry. A class keeps the one it has in the register (`known`, by number) for life, whatever a later
 * file says; and a UUID that is another number's is not given away.
 */
export function identify(entries: readonly Numbered[], known: UuidByNr, uuidList?: UuidByNr): Identities {
  const uuid = new Map<string, string>();
  const raad: Advice[] = [];
  const owners = new Map([...known].map(([nr, id]) => [id.toLowerCase(), nr]));
  for (const entry of entries) {
    const { nr } = entry;
    const kept = known.get(nr)?.toLowerCase();
    const listed = uuidList?.get(nr)?.toLowerCase();
    const official = entry.uuid?.toLowerCase() ?? listed;
    const owner = official && owners.get(official);
    let id = kept ?? uuidFor(entry, uuidList);
    if (kept && official && kept !== official)
      raad.push({ slags: 'uuid-afvigelse', nr, besked: `${nr} beholder ${kept}; filen siger ${official}` });
    else if (!kept && owner && owner !== nr) {
      id = uuidFor({ ...entry, uuid: undefined });
      raad.push({
        slags: 'uuid-optaget',
        nr,
        besked: `${nr} får ${id}; ${official} tilhører allerede ${owner}`,
      });
    }
    if (listed && official !== listed)
      raad.push({
        slags: 'uuid-afvigelse',
        nr,
        besked: `${nr} har ${official ?? ''} i filen, men ${listed} i UUID-listen`,
      });
    owners.set(id, nr);
    uuid.set(nr, id);
  }
  return { uuid, raad };
}
