import { setTimeout as pause } from 'node:timers/promises';
import { jwtVerify, type JWTVerifyGetKey } from 'jose';
import { CLOCK_TOLERANCE } from './claims';
import type { DenyList } from './deny-list';
import { ALGORITHMS } from './proof';
import { readNews, type RevocationNews, REVOCATIONS_AUDIENCE, REVOCATIONS_TYPE } from './revocation';

export interface RevocationSourceOptions {
  /** Where the document is: `http://adgangsstyring:3000/adgangsstyring/tilbagekaldelser`. */
  readonly from: string;
  /** Its `iss`, the same as the tokens'. */
  readonly issuer: string;
  readonly keys: JWTVerifyGetKey;
  /** Hears everything. */
  readonly revoked: DenyList;
  /** Hears that the issuer's keys are no longer those they were. */
  readonly keysChanged?: () => void;
  /** Hears when the document could not be had or believed: the first time in a row, and then once a minute. */
  readonly failed?: (cause: unknown) => void;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
  /** Milliseconds. */
  readonly waits?: Partial<typeof WAITS>;
}

const SECOND = 1000;
const WAITS = {
  /** How long the other end may keep us waiting for news: a connection that has died silently is found as fast. */
  poll: 5 * SECOND,
  /** Beyond that, for the answer itself. */
  timeout: 3 * SECOND,
  /** Between two answers, so that many changes come together. */
  rest: 0.5 * SECOND,
  /** Until the next try when one failed; doubled each time up to the longest. */
  retry: 0.25 * SECOND,
  longestRetry: 4 * SECOND,
  /** Between two reports of failure. */
  report: 60 * SECOND,
};
/** Seconds. An older document may be one that somebody has kept. */
const FRESH = 30;
const LARGEST = 16 * 1024 * 1024;

/**
 * Keeps a DenyList in step with Adgangsstyring (A11): asks for its document, waits there for news, and asks again. The
 * document is signed, so the way to it need not be trusted; who keeps it from us makes the list stale, and who sends an
 * old one is not believed.
 */
export class RevocationSource {
  private readonly waits: typeof WAITS;
  private readonly now: () => number;
  private heard: (RevocationNews & { readonly issued: number }) | null = null;
  private reportedAt = -Infinity;
  private failures = 0;
  private request: AbortController | null = null;
  private readonly closing = new AbortController();
  private running: Promise<void> | null = null;

  constructor(private readonly options: RevocationSourceOptions) {
    this.waits = { ...WAITS, ...options.waits };
    this.now = options.now ?? Date.now;
  }

  /** Begins, and settles when the first try has ended, well or not. Never fails. */
  async start(): Promise<void> {
    if (this.running) return;
    const first = this.attempt();
    this.running = first.then(() => this.go());
    await first;
  }

  close(): void {
    this.closing.abort();
    this.request?.abort();
  }

  private async go(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const { rest, retry, longestRetry } = this.waits;
      const wait = this.failures === 0 ? rest : Math.min(longestRetry, retry * 2 ** (this.failures - 1));
      await pause(wait, undefined, { signal: this.closing.signal, ref: false }).catch(() => undefined);
      if (!this.closing.signal.aborted) await this.attempt();
    }
  }

  private async attempt(): Promise<void> {
    try {
      await this.take(await this.fetch());
      this.failures = 0;
    } catch (cause) {
      if (this.closing.signal.aborted) return;
      if (this.failures++ > 0 && Math.abs(this.now() - this.reportedAt) < this.waits.report) return;
      this.reportedAt = this.now();
      this.options.failed?.(cause);
    }
  }

  private async fetch(): Promise<string> {
    const { poll, timeout } = this.waits;
    const wait = this.heard ? Math.round(poll / SECOND) : 0;
    const query = this.heard ? `?efter=${this.heard.position}&vent=${wait}` : '';
    const request = (this.request = new AbortController());
    const timer = setTimeout(
      () => request.abort(new Error('no answer in time')),
      wait * SECOND + timeout,
    ).unref();
    try {
      const answer = await fetch(`${this.options.from}${query}`, {
        redirect: 'error',
        signal: request.signal,
        headers: { accept: 'application/jwt' },
      });
      if (answer.status !== 200) throw new Error(`The answer is ${answer.status}`);
      return await textOf(answer);
    } finally {
      clearTimeout(timer);
      // What is left of an answer that was not read to its end.
      request.abort();
    }
  }

  private async take(document: string): Promise<void> {
    const { issuer, keys, revoked } = this.options;
    const now = this.now();
    const { payload } = await jwtVerify(document, keys, {
      issuer,
      audience: REVOCATIONS_AUDIENCE,
      typ: REVOCATIONS_TYPE,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE,
      maxTokenAge: FRESH,
      currentDate: new Date(now),
    });
    const issued = payload.iat ?? 0;
    const news = readNews(payload);
    // Several instances sign, and their clocks need not agree to the second.
    if (this.heard && issued < this.heard.issued - CLOCK_TOLERANCE)
      throw new Error('The document is older than one that was heard before');
    if (this.heard?.epoke === news.epoke && news.position < this.heard.position)
      throw new Error('The document is of an earlier position than one that was heard before');
    for (const revocation of news.tilbagekaldt) revoked.add(revocation);
    const keysChanged = this.heard !== null && String(this.heard.noegler) !== String(news.noegler);
    this.heard = { ...news, issued };
    revoked.heard(Math.min(now, issued * SECOND));
    if (keysChanged) this.options.keysChanged?.();
  }
}

/** @throws Error when there is more of it than we would keep. */
async function textOf({ body }: Response): Promise<string> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    if ((size += chunk.byteLength) > LARGEST) throw new Error('The answer is too large');
  }
  return Buffer.concat(chunks).toString('utf8');
}
