import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { Refusal } from '@stoettesystemer/object';

export const NDJSON = 'application/x-ndjson';
type Json = Readonly<Record<string, unknown>>;

/** One service of a running platform, asked with a token. */
export interface PlatformService {
  /** Where the platform is: `http://localhost:3000`. */
  readonly address: string;
  token(): Promise<string>;
}

interface Problem {
  readonly status?: number;
  readonly kode?: string;
  readonly detail?: string;
  readonly fejl?: readonly { sti: string; kode: string; besked: string }[];
}

const refusalFrom = (status: number, text: string): Refusal => {
  let problem: Problem = {};
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    // Not one of ours; what stands in between answers otherwise.
  }
  return new Refusal(status, problem.kode ?? 'svar', problem.detail ?? `Platformen svarede ${status}.`, {
    fejl: problem.fejl ?? [],
  });
};

/** @throws Refusal where the platform refuses, or cannot be reached. */
export async function ask(
  { address, token }: PlatformService,
  method: string,
  path: string,
  { body, headers = {} }: { body?: object; headers?: Record<string, string> } = {},
): Promise<Json | null> {
  const response = await fetch(`${address}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await token()}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  }).catch((cause: unknown) => {
    throw unreachable(address, cause);
  });
  const text = await response.text();
  if (!response.ok) throw refusalFrom(response.status, text);
  return text === '' ? null : (JSON.parse(text) as Json);
}

const unreachable = (address: string, cause: unknown): Refusal =>
  new Refusal(503, 'forbindelse', `Platformen på ${address} svarer ikke, eller forbindelsen blev afbrudt.`, {
    headers: { cause: cause instanceof Error ? cause.name : '' },
  });

/** Sends lines and hears the answers to them at the same time. @throws Refusal where it is refused or broken off. */
export async function exchange(
  { address, token }: PlatformService,
  path: string,
  lines: AsyncIterable<string>,
  answered: (answer: Json) => void,
): Promise<void> {
  const url = new URL(`${address}${path}`);
  const request = url.protocol === 'https:' ? secureRequest : plainRequest;
  const sending = request(url, {
    method: 'POST',
    headers: { 'content-type': NDJSON, authorization: `Bearer ${await token()}` },
  });
  let refusal: Refusal | null = null;
  const heard = new Promise<void>((resolve, reject) => {
    sending.once('error', reject);
    sending.once('response', (response) => {
      const isGood = response.statusCode === 200;
      let text = '';
      const answers = createInterface({ input: response, crlfDelay: Infinity });
      answers.on('line', (line) => {
        if (isGood) answered(JSON.parse(line) as Json);
        else text += line;
      });
      response.once('error', reject);
      answers.once('close', () => {
        if (!isGood) refusal = refusalFrom(response.statusCode ?? 502, text);
        resolve();
      });
    });
  });
  const sent = pipeline(Readable.from(lines), sending);
  // Who is refused at once is answered before all is sent.
  const [sentSo, heardSo] = await Promise.allSettled([sent, heard]);
  if (refusal) throw refusal;
  const failure = sentSo.status === 'rejected' ? sentSo : heardSo;
  if (failure.status !== 'rejected') return;
  const cause: unknown = failure.reason;
  throw cause instanceof Refusal ? cause : unreachable(address, cause);
}
