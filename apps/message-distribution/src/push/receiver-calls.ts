import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Exceptions } from '../standard-webhooks/receiver-address';
import { CallFailed, failureOf } from './call-failed';
import { permitted, type PermittedReceiver } from './permitted-receiver';
import { PinnedAgents } from './pinned-agents';
import { askedSeldom, resolveName, type ResolveName } from './resolve-name';

const SECOND = 1000;
const KIB = 1024;
/** Milliseconds and bytes (C16, C19). */
export const CALL = {
  /** From the name is looked up until the answer is there. */
  time: 20 * SECOND,
  headers: 8 * KIB,
  /** Of an answer that is read. */
  body: 16 * KIB,
  /** Of an answer that nobody reads: so much is let by, for the sake of the connection, and then it is cut. */
  ignored: 1 * KIB,
  ignoredTime: SECOND / 4,
} as const;

export interface Call {
  readonly method: 'POST' | 'OPTIONS';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Whether the body of the answer is wanted. */
  readonly reads?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Empty when it was not wanted. */
  readonly body: string;
}

export interface CallsOptions {
  readonly except: Exceptions;
  /** For specs. */
  readonly resolve?: ResolveName;
  readonly ca?: string;
  readonly time?: number;
}

/** Calls receivers: judged anew for each call, by the judged address, without redirection, cookie or proxy (C19). */
export class ReceiverCalls {
  private readonly agents: PinnedAgents;
  private readonly resolve: ResolveName;

  constructor(private readonly options: CallsOptions) {
    this.agents = new PinnedAgents(options.ca);
    this.resolve = options.resolve ?? askedSeldom(resolveName);
  }

  /** @throws CallFailed when there is no whole answer in time, or there is nowhere to call. */
  async call(receiver: string, call: Call, signal: AbortSignal): Promise<Answer> {
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(new CallFailed('tidsfrist')), this.options.time ?? CALL.time);
    const stop = (): void => ending.abort(new CallFailed('afbrudt'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      const over = aborted(ending.signal);
      const to = await Promise.race([permitted(receiver, this.resolve, this.options.except), over]);
      return await this.send(to, call, ending.signal, false);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  close(): void {
    this.agents.close();
  }

  private async send(
    to: PermittedReceiver,
    call: Call,
    signal: AbortSignal,
    isNew: boolean,
  ): Promise<Answer> {
    const { method, headers, body } = call;
    const length = body ? { 'content-length': `${body.length}` } : {};
    const options = { method, headers: { ...headers, ...length }, maxHeaderSize: CALL.headers, signal };
    const request = this.agents.open(to, options, isNew);
    let isAnswered = false;
    try {
      const response = await answered(request, body);
      isAnswered = true;
      const { statusCode: status = 0, headers: given } = response;
      const text = call.reads ? await textOf(response) : await ignore(request, response);
      return { status, headers: given, body: text };
    } catch (cause) {
      request.destroy();
      if (signal.aborted) throw signal.reason;
      // It had been closed at the other end while nobody used it: nothing has gone wrong yet.
      if (request.reusedSocket && !isAnswered && !isNew) return this.send(to, call, signal, true);
      throw cause instanceof CallFailed ? cause : new CallFailed(failureOf(cause));
    }
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const end = (): void => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });

function answered(request: ClientRequest, body: Buffer | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // After the answer too: an error that nobody hears would end the process.
    request.on('error', reject);
    // Without an answer: it wanted to speak another protocol.
    const close = (): void => reject(new CallFailed('svar'));
    request.once('close', close);
    request.once('response', (response: IncomingMessage) => {
      request.off('close', close);
      resolve(response);
    });
    request.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > CALL.body) throw new CallFailed('svar');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Lets the rest of an answer go by, so that the connection can be used again; cuts it when there is too much. */
async function ignore(request: ClientRequest, response: IncomingMessage): Promise<string> {
  let size = 0;
  const cut = (): void => void request.destroy();
  const timer = setTimeout(cut, CALL.ignoredTime);
  response.on('error', () => undefined);
  response.on('data', ({ length }: Buffer) => {
    size += length;
    if (size > CALL.ignored) cut();
  });
  await new Promise((resolve) => request.once('close', resolve));
  clearTimeout(timer);
  return '';
}
