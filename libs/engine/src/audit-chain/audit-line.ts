import { createHash } from 'node:crypto';

/** An audit row as it is shown, exported and hashed; the names are the wire's. */
export interface AuditLine {
  readonly aftale: string | null;
  readonly antal: number | null;
  readonly bruger: string | null;
  readonly cvr: string;
  readonly formaal: string | null;
  readonly handling: string;
  readonly id: number;
  readonly kriterier: unknown;
  readonly objekter: readonly string[];
  readonly regel: string | null;
  readonly sikringsniveau: string | null;
  readonly system: string | null;
  readonly tid: string;
  readonly tilladt: boolean;
  readonly transaktionsid: string | null;
  readonly type: string | null;
}

/** The line of a row of `audit a`, in SQL, as JSON text. */
export const LINE = `json_build_object('aftale', a.agreement, 'antal', a.count, 'bruger', a.subject, 'cvr', a.owner::text,
  'formaal', a.purpose, 'handling', a.operation, 'id', a.id, 'kriterier', a.criteria, 'objekter', a.objects,
  'regel', a.rule, 'sikringsniveau', a.assurance, 'system', a.system, 'tid', instant(a.at), 'tilladt', a.allowed,
  'transaktionsid', a.transaction, 'type', a.type)::text`;

export const lineOf = (text: string): AuditLine => JSON.parse(text) as AuditLine;

/** What a chain begins with. */
export const GENESIS = Buffer.alloc(32);

/** JSON with members in order and no space between, by RFC 8785: the same bytes whoever writes them. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(',')}}`;
};

/** What is hashed of a row: its line, with the pseudonyms of the citizens it is about. */
export const chainedText = (line: AuditLine, citizens: readonly string[]): string =>
  canonical({ ...line, borgere: citizens });

/** h_n = SHA-256(h_n-1 ‖ row). */
export const linkHash = (former: Buffer, text: string): Buffer =>
  createHash('sha256').update(former).update(text).digest();
