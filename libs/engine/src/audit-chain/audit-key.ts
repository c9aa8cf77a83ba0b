import { createHash } from 'node:crypto';
import type { AuditLine } from './audit-line';

export type Wanted =
  | { readonly kind: 'objekt' | 'system'; readonly value: string }
  | { readonly kind: 'bruger' | 'borger'; readonly value: string };

const HEX = 32;

/** What audit rows about this are found by; a citizen's value is the pseudonym. */
export function auditKey({ kind, value }: Wanted): string {
  if (kind === 'objekt') return value;
  return createHash('sha256').update(`${kind}:${value}`).digest('hex').slice(0, HEX);
}

const PSEUDONYM = /cpr-hmac:[\w-]{22}/g;

/** The citizens that were searched for. */
export const citizensSought = ({ kriterier }: AuditLine): string[] =>
  kriterier === null ? [] : (JSON.stringify(kriterier).match(PSEUDONYM) ?? []);

/** Everything a line is found by, each once. */
export function auditKeys({ bruger, system, objekter }: AuditLine, citizens: readonly string[]): string[] {
  const wanted: Wanted[] = [
    ...(bruger === null ? [] : [{ kind: 'bruger', value: bruger } as const]),
    ...(system === null ? [] : [{ kind: 'system', value: system } as const]),
    ...objekter.map((value) => ({ kind: 'objekt', value }) as const),
    ...citizens.map((value) => ({ kind: 'borger', value }) as const),
  ];
  return [...new Set(wanted.map(auditKey))];
}
