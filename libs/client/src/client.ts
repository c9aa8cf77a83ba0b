import { setTimeout } from 'node:timers/promises';
import type { Declaration } from '@stoettesystemer/object';
import type { JWK } from 'jose';
import { AccessTokens } from './access-tokens';
import { Feed } from './feed';
import { Mailbox } from './mailbox';
import { Objects } from './objects';
import { NoAnswer, Problem, problemOf } from './problem';
import { Proofs } from './proofs';

const SECOND = 1000;
const TRIES = 5;
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 10 * SECOND;
/**
 * Milliseconds before a request is sent with a new token. When an agreement is changed, what had been issued is taken back,
 * and so, for the sake of clocks, is what is issued in the two seconds after; what comes later is not.
 */
const RENEWALS = [0, 2100] as const;

export interface ClientOptions {
  /** Where the støttesystemer are: `https://stoettesystemer.example.dk`. */
  readonly address: string;
  /** UUID of the it-system. */
  readonly system: string;
  /** The private key that the it-system is registered with, with its `kid`. */
  readonly key: JWK;
  /** CVR of the municipality that it acts for. */
  readonly owner: string;
  /** Whether tokens are bound to a key (DPoP), as in production they must be. True when it is left out. */
  readonly bound?: boolean;
  /** Milliseconds that an answer may take, beyond what it was asked to wait for. */
  readonly wait?: number;
  /** In place of Node's: by way of a proxy, or with a client certificate. */
  readonly fetch?: typeof fetch;
}

export interface Ask {
  /** Prefix of the service: `klassifikation`. */
  readonly service: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** After the prefix: `/v1/klasser`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it may be sent again when nothing is known of the first time; so with GET, in any case. */
  readonly again?: boolean;
  /** Milliseconds that the answer is asked to wait. */
  readonly poll?: number;
  readonly signal?: AbortSignal;
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** An it-system that acts for one municipality, at one installation of støttesystemerne. */
export class Client {
  private proofs: Promise<Proofs> | null = null;
  private tokens: Promise<AccessTokens> | null = null;
  private readonly address: string;

  constructor(private readonly options: ClientOptions) {
    this.address = options.address.replace(/\/$/, '');
  }

  /** Objects of a declared type. */
  objects<D extends Declaration>(service: string, type: D): Objects<D> {
    return new Objects(this, service, type);
  }

  /** A service's own feed. */
  feed(service: string): Feed {
    return new Feed(this, service);
  }

  /** A dueslag of the it-system's. */
  mailbox(uuid: string): Mailbox {
    return new Mailbox(this, uuid);
  }

  /**
   * Sends one request with a token. What is turned away for the moment is sent again, after as long as was said, and so
   * is what has got no answer, where that does no harm.
   * @throws Problem for an answer that is no yes; NoAnswer
   */
  async send<T>(ask: Ask): Promise<Answer<T>> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.once<T>(ask);
      } catch (cause) {
        const pause = tried < TRIES ? pauseAfter(cause, ask, tried) : null;
        if (pause === null || ask.signal?.aborted) throw cause;
        await setTimeout(pause, undefined, ask.signal ? { signal: ask.signal } : {});
      }
    }
  }

  private async once<T>(ask: Ask): Promise<Answer<T>> {
    const { service, method, path, body, headers = {}, poll = 0, signal } = ask;
    const { fetch: send = fetch, wait = 30 * SECOND } = this.options;
    const url = `${this.address}/${service}${path}`;
    const tokens = await (this.tokens ??= this.open());
    const token = await tokens.of(service);
    const proofs = await this.proofs;
    const time = AbortSignal.timeout(wait + poll);
    const { status, answered, text } = await whole(
      send(url, {
        method,
        headers: {
          accept: 'application/json, application/*+json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
          authorization: `${proofs ? 'DPoP' : 'Bearer'} ${token}`,
          ...(proofs ? { dpop: await proofs.make(method, url, token) } : {}),
        },
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, time]) : time,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
      signal,
    );
    if (status === 401) tokens.forget(service);
    const told = readJson(text);
    if (status < 200 || status > 299) throw problemOf(status, answered, told);
    return { status, headers: answered, body: told as T };
  }

  private async open(): Promise<AccessTokens> {
    const { system, key, owner, bound = true, wait = 30 * SECOND, fetch: send = fetch } = this.options;
    this.proofs = bound ? Proofs.create() : null;
    const issuer = `${this.address}/adgangsstyring`;
    return new AccessTokens({ issuer, system, key, owner, fetch: send, wait, proofs: await this.proofs });
  }
}

/** An answer with its body, or none. */
async function whole(answer: Promise<Response>, signal: AbortSignal | undefined) {
  try {
    const response = await answer;
    return { status: response.status, answered: response.headers, text: await response.text() };
  } catch (cause) {
    throw signal?.aborted ? cause : new NoAnswer(cause);
  }
}

function readJson(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Milliseconds before the next try; null where there is to be none. */
function pauseAfter(cause: unknown, { method, again = method === 'GET' }: Ask, tried: number): number | null {
  const usual = FIRST_PAUSE * 2 ** (tried - 1) * (0.5 + Math.random() / 2);
  if (cause instanceof NoAnswer) return again ? usual : null;
  if (!(cause instanceof Problem)) return null;
  const { status, retryAfter, isPassing } = cause;
  if (status === 401) return RENEWALS[tried - 1] ?? null;
  // Turned away at the door, it has not been carried out; after anything else that is not known.
  if (status !== 429 && !(again && isPassing)) return null;
  return Math.min(Math.max(usual, retryAfter ?? 0), LONGEST_PAUSE);
}
