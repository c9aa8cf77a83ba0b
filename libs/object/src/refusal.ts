/** One thing wrong at one place of a request. `sti` is a JSON pointer into the body, or `?name` for a query parameter. */
export interface Fault {
  readonly sti: string;
  readonly kode: string;
  readonly besked: string;
  /** The place in a file, both counted from 1. */
  readonly linje?: number;
  readonly kolonne?: number;
}

/** The status codes of the OIO standard that accompany a problem (domain: 20 ok, 40, 41, 44, 49). */
const oioStatusOf = (status: number): number =>
  status === 401 ? 41 : status === 404 || status === 410 ? 44 : status === 409 || status === 412 ? 49 : 40;

/**
 * A request that is refused, whoever refuses it. Rendered once, as problem+json (contract §10).
 * Texts are Danish and never hold the value of a person field.
 */
export class Refusal extends Error {
  readonly kode: string;
  readonly status: number;
  readonly detail: string;
  readonly fejl: readonly Fault[];
  /** Extra response headers, such as Retry-After. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    kode: string,
    detail: string,
    { fejl = [], headers = {} }: { fejl?: readonly Fault[]; headers?: Record<string, string> } = {},
  ) {
    super(`${status} ${kode}`);
    this.name = 'Refusal';
    this.status = status;
    this.kode = kode;
    this.detail = detail;
    this.fejl = fejl;
    this.headers = headers;
  }

  get oioStatus(): number {
    return oioStatusOf(this.status);
  }
}

/** Not there, or not yours to know: one and the same answer (A13). */
export const notFound = (): Refusal => new Refusal(404, 'findes_ikke', 'Objektet findes ikke.');

/** A rule of the domain is broken at one place. */
export const invalid = (kode: string, sti: string, besked: string): Refusal =>
  new Refusal(422, kode, besked, { fejl: [{ sti, kode, besked }] });

/** The request itself is malformed at one place. */
export const malformed = (kode: string, sti: string, besked: string): Refusal =>
  new Refusal(400, kode, besked, { fejl: [{ sti, kode, besked }] });
