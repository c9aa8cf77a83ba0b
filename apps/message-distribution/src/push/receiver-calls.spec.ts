import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExceptions } from '../standard-webhooks/receiver-address';
import { type Call, ReceiverCalls, type CallsOptions } from './receiver-calls';
import { ReceivingServer, status } from './spec/receiving-server';

const hasOpenSsl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenSsl) {
  if (process.env['CI'] === 'true') throw new Error('openssl is not installed');
  console.warn('Skipped: openssl is not installed');
}
const HERE = readExceptions('127.0.0.1/32');
const never = new AbortController().signal;
const post: Call = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: Buffer.from('hej') };
const all: ReceiverCalls[] = [];
const calls = (options: Partial<CallsOptions> = {}) => {
  const made = new ReceiverCalls({ except: HERE, ...options });
  all.push(made);
  return made;
};
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (cause: { failure?: string }) => cause.failure ?? cause,
  );

let server: ReceivingServer;
beforeEach(async () => {
  server = await ReceivingServer.open();
});
afterEach(async () => {
  for (const each of all.splice(0)) each.close();
  await server.close();
});

test('a connection is kept for the next call, and one that was ended meanwhile is no failure', async () => {
  const to = calls();
  for (let turn = 0; turn < 3; turn++)
    expect(await to.call(server.at(), post, never)).toMatchObject({ status: 204 });
  expect(server.connections).toBe(1);
  expect(server.received.map(({ body }) => body.toString())).toEqual(['hej', 'hej', 'hej']);
  // Without waiting for us to hear of it.
  server.dropIdle();
  expect(await to.call(server.at(), post, never)).toMatchObject({ status: 204 });
  expect(server.received).toHaveLength(4);
});

test('nothing is sent with it that says who else we know: no cookie, no proxy, nothing but what was given', async () => {
  server.answer = status(204, { 'set-cookie': 'a=b' });
  process.env['HTTP_PROXY'] = process.env['http_proxy'] = 'http://127.0.0.1:9';
  try {
    const to = calls();
    for (let turn = 0; turn < 2; turn++) await to.call(server.at(), post, never);
  } finally {
    delete process.env['HTTP_PROXY'];
    delete process.env['http_proxy'];
  }
  for (const { headers } of server.received)
    expect(Object.keys(headers).sort()).toEqual(['connection', 'content-length', 'content-type', 'host']);
});

test('a redirection is an answer like any other, and is not followed', async () => {
  const other = await ReceivingServer.open();
  server.answer = status(307, { location: other.at() });
  expect(await calls().call(server.at(), post, never)).toMatchObject({ status: 307 });
  expect(other.received).toEqual([]);
  await other.close();
});

describe('where nothing is sent', () => {
  const forbidden = { except: [] };
  test.each([
    ['http://127.0.0.1/', 'adresse'],
    ['https://127.0.0.1/', 'adresse'],
    ['https://localhost/', 'adresse'],
    ['https://[::1]/', 'adresse'],
    ['https://10.0.0.1/', 'adresse'],
    ['https://169.254.169.254/latest/meta-data/', 'adresse'],
    ['https://0x7f000001/', 'adresse'],
    ['', 'adresse'],
  ])('%s', async (url, why) => {
    expect(await failure(calls(forbidden).call(url, post, never))).toBe(why);
  });

  test.each([
    [['10.0.0.1'], 'adresse'],
    [['93.184.215.14', '10.0.0.1'], 'adresse'],
    [['::ffff:127.0.0.1'], 'adresse'],
    [[], 'navn'],
  ])('a name that stands for %j', async (addresses, why) => {
    const to = calls({ ...forbidden, resolve: () => Promise.resolve(addresses) });
    expect(await failure(to.call('https://modtager.dk/', post, never))).toBe(why);
  });

  test('an exception is for its addresses, and not for a name that also stands for others', async () => {
    const to = calls({ resolve: () => Promise.resolve(['127.0.0.1', '127.0.0.2']) });
    expect(await failure(to.call(server.at('modtager.dk'), post, never))).toBe('adresse');
    expect(server.received).toEqual([]);
  });
});

test('a name that comes to stand for something else is judged anew, and what was opened for the one is not used for the other', async () => {
  let addresses = ['127.0.0.1'];
  const to = calls({
    except: readExceptions('127.0.0.1/32,127.0.0.3/32'),
    resolve: () => Promise.resolve(addresses),
  });
  const url = server.at('modtager.dk');
  expect(await to.call(url, post, never)).toMatchObject({ status: 204 });
  expect(server.received[0]!.headers.host).toBe(`modtager.dk:${server.port}`);
  addresses = ['10.0.0.1'];
  expect(await failure(to.call(url, post, never))).toBe('adresse');
  // Nobody answers there, though a connection to where it was is still open.
  addresses = ['127.0.0.3'];
  expect(await failure(to.call(url, post, never))).toBe('forbindelse');
  expect(server.received).toHaveLength(1);
});

test('the name is asked about once for a connection: what it stands for a moment later does not matter', async () => {
  const answers = [['127.0.0.1'], ['10.0.0.1']];
  const to = calls({ resolve: () => Promise.resolve(answers.shift() ?? []) });
  expect(await to.call(server.at('modtager.dk'), post, never)).toMatchObject({ status: 204 });
  expect(answers).toHaveLength(1);
});

describe('receivers that take their time', () => {
  const soon = { time: 300 };

  test('one that never answers', async () => {
    server.answer = () => undefined;
    expect(await failure(calls(soon).call(server.at(), post, never))).toBe('tidsfrist');
  });

  test('one that gives a header now and then (slow loris)', async () => {
    const slow = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x-a: b\r\n'), 20);
      socket.once('close', () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const { port } = slow.address() as AddressInfo;
    expect(await failure(calls(soon).call(`http://127.0.0.1:${port}/`, post, never))).toBe('tidsfrist');
    await new Promise((resolve) => slow.close(resolve));
  });

  test('one whose name is never found', async () => {
    const to = calls({ ...soon, resolve: () => new Promise(() => undefined) });
    expect(await failure(to.call('https://modtager.dk/', post, never))).toBe('tidsfrist');
  });

  test('one whose answer never ends has answered, where nobody reads it; else it has not', async () => {
    server.answer = (_, response) => {
      response.writeHead(200);
      response.write('<StandardRetur>');
    };
    expect(await calls(soon).call(server.at(), post, never)).toEqual(
      expect.objectContaining({ status: 200, body: '' }),
    );
    expect(await failure(calls(soon).call(server.at(), { ...post, reads: true }, never))).toBe('tidsfrist');
  });

  test('what is ended by ourselves is not the receiver’s fault', async () => {
    const ending = new AbortController();
    server.answer = () => ending.abort();
    expect(await failure(calls().call(server.at(), post, ending.signal))).toBe('afbrudt');
    expect(await failure(calls().call(server.at(), post, ending.signal))).toBe('afbrudt');
  });
});

describe('answers that are too much', () => {
  test('a body without end is cut', async () => {
    let cut: (value: unknown) => void;
    const isCut = new Promise((resolve) => (cut = resolve));
    server.answer = (_, response) => {
      response.writeHead(200).once('close', () => cut(null));
      const more = (): void => void (response.destroyed || response.write(Buffer.alloc(64 * 1024), more));
      more();
    };
    expect(await calls().call(server.at(), post, never)).toMatchObject({ status: 200 });
    await isCut;
    expect(await failure(calls().call(server.at(), { ...post, reads: true }, never))).toBe('svar');
  });

  test('headers without end, and another protocol', async () => {
    server.answer = status(200, { 'x-stor': 'x'.repeat(12 * 1024) });
    expect(await failure(calls().call(server.at(), post, never))).toBe('svar');
    server.answer = (_, response) => response.writeHead(101, { upgrade: 'x', connection: 'upgrade' }).end();
    expect(await failure(calls().call(server.at(), post, never))).toBe('svar');
  });
});

(hasOpenSsl ? describe : describe.skip)('TLS (needs openssl)', () => {
  let folder: string;
  let tls: { key: string; cert: string };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'push-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=modtager.dk', '-addext', 'subjectAltName=DNS:modtager.dk'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject], {
      stdio: 'ignore',
    });
    tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('the certificate must be for the name, by somebody who is believed', async () => {
    const secure = await ReceivingServer.open(tls);
    const resolve = () => Promise.resolve(['127.0.0.1']);
    const believing = calls({ resolve, ca: tls.cert });
    for (let turn = 0; turn < 2; turn++)
      expect(await believing.call(secure.at('modtager.dk'), post, never)).toMatchObject({ status: 204 });
    expect(secure.connections).toBe(1);
    expect(await failure(believing.call(secure.at('andet.dk'), post, never))).toBe('certifikat');
    expect(await failure(calls({ resolve }).call(secure.at('modtager.dk'), post, never))).toBe('certifikat');
    expect(secure.received).toHaveLength(2);
    await secure.close();
  });
});
