import type { KeyObject } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import type { AuditFinding } from './audit-finding';
import { dayAfter, digestOf, rootFolder } from './audit-roots';
import { readRoot, type RootClaims } from './root-key';

export interface CheckedRoot {
  readonly cvr: string;
  readonly dag: string;
  readonly jws: string;
  /** Null: not signed by any of the keys, or for another service, municipality or day than it stands for. */
  readonly claims: RootClaims | null;
  /** Where it was found. */
  readonly inDatabase: boolean;
  readonly isExported: boolean;
  /** The database and the folder say different things. */
  readonly differs: boolean;
}

export interface RootSources {
  readonly service: string;
  readonly keys: readonly KeyObject[];
  readonly folder?: string;
}

const FILE = /^(\d{8})-(\d{4}-\d\d-\d\d)\.jws$/;

async function exported({ folder, service }: RootSources): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (folder === undefined) return found;
  const place = rootFolder(folder, service);
  const names = await readdir(place).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw cause;
  });
  for (const name of names.filter((each) => FILE.test(each)))
    found.set(name.replace('.jws', ''), (await readFile(join(place, name), 'utf8')).trim());
  return found;
}

/** All roots that the database and the folder know of, by municipality, in the order of their days. */
export async function rootsOf(client: ClientBase, sources: RootSources): Promise<Map<number, CheckedRoot[]>> {
  const files = await exported(sources);
  const { rows } = await client.query<{ name: string; jws: string }>(
    `select owner || '-' || day as name, jws from audit_root`,
  );
  const stored = new Map(rows.map(({ name, jws }) => [name, jws]));
  const roots = new Map<number, CheckedRoot[]>();
  for (const name of [...new Set([...stored.keys(), ...files.keys()])].sort()) {
    const [, cvr = '', dag = ''] = FILE.exec(`${name}.jws`) ?? [];
    const [inside, outside] = [stored.get(name), files.get(name)];
    // What has left the database is believed before what is in it.
    const jws = outside ?? inside ?? '';
    const claims = await readRoot(jws, sources.keys);
    const fits = claims?.tjeneste === sources.service && claims.cvr === cvr && claims.dag === dag;
    const root: CheckedRoot = {
      cvr,
      dag,
      jws,
      claims: fits ? claims : null,
      inDatabase: inside !== undefined,
      isExported: outside !== undefined,
      differs: inside !== undefined && outside !== undefined && inside !== outside,
    };
    roots.set(Number(cvr), [...(roots.get(Number(cvr)) ?? []), root]);
  }
  return roots;
}

function faultOf(root: CheckedRoot, former: CheckedRoot | undefined): string | null {
  if (!root.inDatabase) return 'Roden er fjernet fra databasen.';
  if (root.differs) return 'Roden i databasen er en anden end den, der er eksporteret.';
  if (!root.claims) return 'Rodens underskrift passer ikke.';
  if (former && dayAfter(former.dag) !== root.dag) return `Der mangler rødder efter ${former.dag}.`;
  if (root.claims.forrige !== (former ? digestOf(former.jws) : null)) return 'Roden bygger ikke på den før.';
  return null;
}

/** The first thing wrong with a municipality's roots by themselves. */
export function rootFaults(roots: readonly CheckedRoot[]): AuditFinding[] {
  for (const [at, root] of roots.entries()) {
    const what = faultOf(root, roots[at - 1]);
    if (what !== null) return [{ what, cvr: root.cvr, dag: root.dag }];
  }
  return [];
}
