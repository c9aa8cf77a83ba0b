import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Refusal } from '@stoettesystemer/object';
import { lingerOver, readText } from './request-body';

let server: Server;
let port: number;
const found: (string | number)[] = [];

beforeEach(async () => {
  found.length = 0;
  server = createServer((asked, answer) => {
    void readText(asked, { size: 1000, time: 200 })
      .then(
        (text) => found.push(text.length),
        (cause: unknown) => found.push(cause instanceof Refusal ? cause.status : String(cause)),
      )
      .then(() => {
        answer.end(String(found.at(-1)));
        lingerOver(asked);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const textOf = (answer: IncomingMessage): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    answer.on('data', (chunk: Buffer) => (text += chunk.toString())).on('close', () => resolve(text));
  });
const open = (headers: Record<string, string> = {}) => {
  const asked = request({ port, method: 'POST', agent: false, headers });
  const answered = new Promise<string>((resolve) => {
    asked.on('response', (answer) => resolve(textOf(answer)));
    asked.on('error', () => resolve('broken'));
  });
  return { asked, answered };
};

test.each([
  ['nothing', Buffer.alloc(0), {}, '0'],
  ['as much as is allowed', Buffer.alloc(1000, 'x'), {}, '1000'],
  ['more', Buffer.alloc(1001, 'x'), {}, '413'],
  ['packed', gzipSync(Buffer.alloc(1000, 'x')), { 'content-encoding': 'gzip' }, '1000'],
  ['packed, more', gzipSync(Buffer.alloc(1001, 'x')), { 'content-encoding': 'GZIP' }, '413'],
  ['packed, a lot more', gzipSync(Buffer.alloc(10_000_000)), { 'content-encoding': 'gzip' }, '413'],
])('%s', async (_, body, headers, answer) => {
  const { asked, answered } = open(headers);
  asked.end(body);
  expect(await answered).toBe(answer);
});

test('one who dawdles is told so', async () => {
  const { asked, answered } = open();
  asked.write('x');
  expect(await answered).toBe('408');
  asked.destroy();
});

test('one who leaves half-way leaves nobody waiting', async () => {
  const { asked } = open({ 'content-length': '500' });
  // On a busy machine a connection that is cut too early never becomes a request.
  const arrived = once(server, 'request');
  asked.write('x');
  await arrived;
  asked.destroy();
  while (found.length === 0) await new Promise((go) => setTimeout(go, 10));
  expect(found).toEqual([408]);
});

test('one who announces too much is refused before a byte of it', async () => {
  const { asked, answered } = open({ 'content-length': '1000000' });
  asked.flushHeaders();
  expect(await answered).toBe('413');
  asked.destroy();
});
