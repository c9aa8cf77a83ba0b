import { createHash } from 'node:crypto';

/** The same name has the same UUID on every machine (name-based, RFC 9562 version 8). */
export function uuidFor(name: string): string {
  const hex = createHash('sha256').update(`organisation ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
