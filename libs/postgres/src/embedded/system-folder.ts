import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { isRoot } from './account';

/**
 * A folder outside the checkout that any account may enter and only we may write. Root's is not in /var/tmp, which
 * is emptied of what has lain still for a month.
 */
export function systemFolder(): string {
  const uid = process.getuid?.() ?? 0;
  const folder = isRoot() ? '/var/lib/stoettesystemer' : `/var/tmp/stoettesystemer-${uid}`;
  mkdirSync(folder, { recursive: true });
  const found = lstatSync(folder);
  // Anybody may have made a folder, or a link, of that name in /var/tmp before us.
  if (!found.isDirectory() || found.uid !== uid)
    throw new Error(`${folder} tilhører en anden bruger. Fjern den, og prøv igen.`);
  chmodSync(folder, 0o755);
  return folder;
}
