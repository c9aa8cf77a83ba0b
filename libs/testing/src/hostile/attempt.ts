import type { Operation } from './document';
import type { Path } from './spoiled';

/** One request, before it is known which object it is about. */
export interface Attempt {
  readonly operation: Operation;
  /** By name, as they are written in the address. A path parameter that is left out is one of an object that is there. */
  readonly path: Readonly<Record<string, string>>;
  /** Which of the objects that are there. */
  readonly pick: number;
  /** Percent-encoded already: they may be spoiled in how they are. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: Readonly<Record<string, string>>;
  /** Whether a change says the tag that the object has; else none, or one of its own. */
  readonly matches: boolean;
  readonly type: string | null;
  readonly body: string | undefined;
  /** Whether the document promises that it is not malformed; else a 400 is as good as an answer. */
  readonly sound: boolean;
  /** What is wrong with it, in words, and where in the body; null when nothing is. */
  readonly fault: { readonly what: string; readonly path?: Path } | null;
}

export const describeAttempt = ({ operation, query, headers, type, body, fault, path }: Attempt): string =>
  [
    `${operation.id}: ${operation.method} ${operation.template}`,
    `path ${JSON.stringify(path)} query ${JSON.stringify(query)} headers ${JSON.stringify(headers)} type ${type}`,
    `fault ${JSON.stringify(fault)}`,
    `body ${(body ?? '').slice(0, 4000)}`,
  ].join('\n');
