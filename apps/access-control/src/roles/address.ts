/** Whether a browser may be sent back to this machine itself: only while a system is being made. */
export const loopback = { isAllowed: false };

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** https without a fragment or a user; http on this machine where that is allowed. */
export function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && loopback.isAllowed && LOOPBACK.has(hostname));
}
