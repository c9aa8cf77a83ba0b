import type { Fault } from '@stoettesystemer/object';

/** What is in an answer of problem+json (contract §10). */
interface Told {
  readonly status: number;
  readonly kode?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly fejl?: readonly Fault[];
}

/** An answer that is no yes: `kode` is for programs, `message` for people, in Danish, and `fejl` points into what was sent. */
export class Problem extends Error {
  readonly status: number;
  readonly kode: string;
  readonly fejl: readonly Fault[];
  /** By which the services' logs know the request; null when something on the way answered. */
  readonly transaction: string | null;
  /** Milliseconds before it is worth trying again; null when nothing was said. */
  readonly retryAfter: number | null;

  constructor({ status, kode, title, detail, fejl = [] }: Told, headers: Headers) {
    super(detail ?? title ?? `Svaret er ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.kode = kode ?? '';
    this.fejl = fejl;
    this.transaction = headers.get('x-transaktionsid');
    const seconds = Number(headers.get('retry-after') ?? NaN);
    this.retryAfter = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
  }

  /** Whether the same request may be answered otherwise later. */
  get isPassing(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** Reads what a service says; what something on the way says is told by its status alone. */
export function problemOf(status: number, headers: Headers, body: unknown): Problem {
  const told = typeof body === 'object' && body !== null ? (body as Partial<Told>) : {};
  return new Problem({ ...told, status }, headers);
}

/** No answer at all: whether the request was carried out is not known. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super('Der kom intet svar.', { cause });
    this.name = 'NoAnswer';
  }
}
