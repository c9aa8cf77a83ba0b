import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './child';

export interface Arrivals {
  /** Milliseconds from each event was made until it was here. */
  readonly times: readonly number[];
  /** Calls with what had come before. */
  readonly repeated: number;
}

let times: number[] = [];
let repeated = 0;
const seen = new Set<string>();

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += chunk as string;
  return text;
}

async function note(request: IncomingMessage): Promise<void> {
  const now = Date.now();
  const { id, time } = JSON.parse(await textOf(request)) as { id: string; time: string };
  const place = `${request.url} ${id}`;
  if (seen.has(place)) repeated++;
  else times.push(now - Date.parse(time));
  seen.add(place);
}

/** A receiver of pushed messages for every path: it wants them all, and answers at once. */
const server = createServer((request, response) => {
  if (request.method === 'OPTIONS') {
    response.writeHead(200, { 'webhook-allowed-origin': '*' }).end();
    return;
  }
  note(request).then(
    () => response.writeHead(204).end(),
    () => response.writeHead(400).end(),
  );
});

const calls = {
  port: () => (server.address() as AddressInfo).port,
  count: () => times.length,
  /** Of all that has come since it was asked last. */
  arrivals: (): Arrivals => {
    const found = { times, repeated };
    times = [];
    repeated = 0;
    return found;
  },
};
export type ReceiverCalls = typeof calls;
server.listen(0, '127.0.0.1', () => answer(calls));
