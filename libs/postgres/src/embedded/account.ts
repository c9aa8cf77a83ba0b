import { lchownSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** An operating-system account. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody`, which every Linux has: nothing is added to the machine's users. */
const NOBODY: Account = { uid: 65534, gid: 65534 };

export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * The account the server must run as, undefined for our own. PostgreSQL refuses to run as root, so root lends it
 * another: the one that owns the folder already, so that root and an ordinary user can take turns, or nobody.
 */
export function accountFor(folder: string): Account | undefined {
  if (!isRoot()) return undefined;
  const owner = statSync(folder, { throwIfNoEntry: false });
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : NOBODY;
}

/** Whether the account may pass through `folder` and everything above it. Our own account finds out by trying. */
export function mayEnter(folder: string, account: Account | undefined): boolean {
  if (!account) return true;
  for (let at = realpathSync(folder); ; at = dirname(at)) {
    if (!mayExecute(at, account)) return false;
    if (at === dirname(at)) return true;
  }
}

export function mayExecute(path: string, account: Account): boolean {
  const { mode, uid, gid } = statSync(path);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  return (mode & bit) !== 0;
}

/** Hands over what we made, so that the account itself can go on with it when root is away. */
export function giveTo(account: Account | undefined, path: string): void {
  if (account) lchownSync(path, account.uid, account.gid);
}

export function giveAllTo(account: Account, folder: string): void {
  giveTo(account, folder);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    giveTo(account, join(entry.parentPath, entry.name));
}
