import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SERVICE } from './made-up-thing';
import type { Server } from './rounds';

const NDJSON = 'application/x-ndjson';
/** Lines that are written to the socket together. */
const TOGETHER = 200;

interface Tally {
  readonly i_alt: number;
  readonly oprettet: number;
  readonly afvist: number;
}

function* chunksOf(lines: Iterable<string>): Generator<string> {
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length < TOGETHER) continue;
    yield chunk.join('');
    chunk = [];
  }
  yield chunk.join('');
}

/** Imports lines over HTTP, in one request. @throws Error where one was refused. */
export async function sendLines(
  { port, token }: Server,
  lines: Iterable<string>,
  service = SERVICE,
): Promise<void> {
  const sending = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: `/${service}/v1/import`,
    headers: { 'content-type': NDJSON, authorization: `Bearer ${(await token()) ?? ''}` },
  });
  const last = new Promise<string>((resolve, reject) => {
    sending.on('error', reject);
    sending.on('response', (answer) => {
      // Of the answer, a line for a line, only the end is kept.
      let end = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (end = (end + chunk).slice(-2000)));
      answer.on('end', () => resolve(end));
      answer.on('error', reject);
    });
  });
  await pipeline(Readable.from(chunksOf(lines)), sending);
  const said = await last;
  const tally = JSON.parse(said.trimEnd().split('\n').at(-1) ?? '{}') as Partial<Tally>;
  if (tally.afvist !== 0) throw new Error(`the import ended so: ${said}`);
}
