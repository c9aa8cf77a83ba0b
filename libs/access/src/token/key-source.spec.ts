import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { define, type Refusal } from '@stoettesystemer/object';
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';
import { DevelopmentIssuer } from '../development/development-issuer';
import { DenyList } from './deny-list';
import { KeySource, type KeySourceOptions } from './key-source';
import { TokenVerifier } from './token-verifier';

const Klasse = define({
  name: 'Klasse',
  path: 'klasser',
  doc: 'Til test.',
  deletion: 'logical',
  attributes: {},
  states: {},
  relations: {},
});
const ISSUER = 'https://adgang.example';
const HOUR = 3_600_000;

/** An issuer that can be switched off, hang and change its keys. */
class IssuerServer {
  readonly keys = new Map<string, Awaited<ReturnType<typeof generateKeyPair>>>();
  answer: 'keys' | 'error' | 'nonsense' | 'empty' | 'silence' = 'keys';
  asked = 0;
  private server?: Server;
  private port = 0;

  get address(): string {
    return `http://127.0.0.1:${this.port}/jwks`;
  }

  async addKey(kid: string): Promise<void> {
    this.keys.set(kid, await generateKeyPair('ES256'));
  }

  async start(): Promise<void> {
    const server = createServer((_, response) => {
      this.asked++;
      void this.respond().then(({ status, body }) => response.writeHead(status).end(body));
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private async respond(): Promise<{ status: number; body: string }> {
    if (this.answer === 'silence') return new Promise(() => undefined);
    if (this.answer === 'error') return { status: 500, body: '' };
    if (this.answer === 'nonsense') return { status: 200, body: '<html>' };
    const all = this.answer === 'empty' ? [] : [...this.keys];
    const keys = await Promise.all(
      all.map(async ([kid, { publicKey }]) => ({
        ...(await exportJWK(publicKey)),
        kid,
        alg: 'ES256',
        use: 'sig',
      })),
    );
    return { status: 200, body: JSON.stringify({ keys }) };
  }
}

let issuer: IssuerServer;
let claims: ReturnType<DevelopmentIssuer['claims']>;
let now: number;
let failures: unknown[];
const opened: KeySource[] = [];
const directory = mkdtempSync(join(tmpdir(), 'adgang-'));

beforeAll(async () => {
  const development = await DevelopmentIssuer.open({
    profile: 'udvikling',
    directory,
    services: { klassifikation: [Klasse] },
  });
  claims = {
    ...development.claims({ system: 'demo-fagsystem', service: 'klassifikation', cvr: '12345678' }),
    iss: ISSUER,
  };
});
beforeEach(async () => {
  now = Date.now();
  failures = [];
  issuer = new IssuerServer();
  await issuer.addKey('a');
  await issuer.start();
});
afterEach(async () => {
  for (const source of opened.splice(0)) source.close();
  await issuer.stop();
});

const open = async (options: Partial<KeySourceOptions> = {}): Promise<KeySource> => {
  const source = await KeySource.open({
    from: issuer.address,
    now: () => now,
    failed: (cause) => failures.push(cause),
    ...options,
  });
  opened.push(source);
  return source;
};
/** A verifier without memory of earlier tokens: each ask is a new token, so that the keys are asked each time. */
const askWith = (source: KeySource, issuer: IssuerServer) => {
  const verifier = new TokenVerifier({
    profile: 'udvikling',
    issuer: ISSUER,
    service: 'klassifikation',
    types: [Klasse],
    keys: source.find,
    revoked: new DenyList(),
    proofs: { claim: () => Promise.resolve(false) },
    externalUrl: '',
    now: () => now,
  });
  return async (kid = 'a', key = issuer.keys.get(kid)?.privateKey): Promise<number> => {
    const iat = Math.floor(now / 1000);
    const token = await new SignJWT({ ...claims, iat, exp: iat + 300, n: Math.random() })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
      .sign(key ?? issuer.keys.get('a')!.privateKey);
    return verifier.verify({ method: 'GET', url: '/', headers: { authorization: `Bearer ${token}` } }).then(
      () => 200,
      (refusal: Refusal) => refusal.status,
    );
  };
};

describe('T15: the issuer is down', () => {
  it('goes on with the keys it has, for a day', async () => {
    const source = await open();
    const ask = askWith(source, issuer);
    expect(await ask()).toBe(200);
    await issuer.stop();
    for (const hours of [0.5, 10, 13.4]) {
      now += hours * HOUR;
      expect([await source.refresh(), await ask(), source.ready()]).toEqual([false, 200, true]);
    }
    expect(source.age()).toBe(Math.floor(23.9 * 3600));
    expect(failures).toHaveLength(3);
    now += 0.2 * HOUR;
    expect([source.ready(), await ask()]).toEqual([false, 503]);
    await issuer.start();
    now += 31_000;
    expect([await ask(), source.ready()]).toEqual([200, true]);
  });

  it.each(['error', 'nonsense', 'empty'] as const)(
    'keeps the good keys when the answer is %s',
    async (answer) => {
      const source = await open();
      issuer.answer = answer;
      expect([await source.refresh(), await askWith(source, issuer)()]).toEqual([false, 200]);
    },
  );

  it('gives up on an issuer that does not answer', async () => {
    issuer.answer = 'silence';
    const source = await open({ waits: { timeout: 50 } });
    expect([source.ready(), failures.length]).toEqual([false, 1]);
  });

  it('starts cold without being ready, answers 503, and comes to itself', async () => {
    await issuer.stop();
    const source = await open({ waits: { retry: 20 } });
    const ask = askWith(source, issuer);
    expect([source.ready(), source.age(), await ask()]).toEqual([false, null, 503]);
    const refusal = await Promise.resolve(
      source.find({ alg: 'ES256', kid: 'a' }, { payload: '', signature: '' }),
    ).catch((cause: Refusal) => cause);
    expect(refusal).toMatchObject({
      status: 503,
      kode: 'utilgaengelig',
      headers: { 'Retry-After': expect.stringMatching(/^\d+$/) as string },
    });
    await issuer.start();
    while (!source.ready()) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await ask()).toBe(200);
  });

  it('starts with the kept keys, if they are of the same issuer and not too old', async () => {
    const keep = join(directory, 'kept', 'keys.json');
    await open({ keep });
    await issuer.stop();
    expect((await open({ keep })).ready()).toBe(true);
    expect(await askWith(await open({ keep }), issuer)()).toBe(200);
    expect((await open({ keep, from: issuer.address.replace('jwks', 'andre') })).ready()).toBe(false);
    expect(JSON.parse(readFileSync(keep, 'utf8'))).toMatchObject({ from: issuer.address });
    now += 25 * HOUR;
    expect((await open({ keep })).ready()).toBe(false);
    now -= 50 * HOUR;
    expect((await open({ keep })).ready()).toBe(false);
    writeFileSync(keep, '{"half a file');
    expect((await open({ keep })).ready()).toBe(false);
  });

  it('goes on when the keys cannot be kept', async () => {
    const source = await open({ keep: join(directory, 'development-key.json', 'x') });
    expect([source.ready(), failures.length]).toEqual([true, 1]);
  });
});

describe('a new key', () => {
  it('is fetched when a token names it, once the cooldown is over', async () => {
    const source = await open();
    const ask = askWith(source, issuer);
    await issuer.addKey('b');
    expect(await ask('b')).toBe(401);
    now += 31_000;
    expect([await ask('b'), await ask('a')]).toEqual([200, 200]);
    issuer.keys.delete('a');
    await source.refresh();
    expect(await ask('a', (await generateKeyPair('ES256')).privateKey)).toBe(401);
  });

  it('is asked for once per cooldown, however many strangers ask, and whether or not the issuer answers', async () => {
    const source = await open();
    const ask = askWith(source, issuer);
    const { asked } = issuer;
    now += 31_000;
    await Promise.all(Array.from({ length: 20 }, (_, at) => ask(`x${at}`)));
    expect(issuer.asked).toBe(asked + 1);
    issuer.answer = 'error';
    now += 31_000;
    for (let at = 0; at < 5; at++) expect(await ask(`y${at}`)).toBe(401);
    expect(issuer.asked).toBe(asked + 2);
  });

  it('is seen without being asked for', async () => {
    const source = await open({ waits: { refresh: 20 } });
    await issuer.addKey('b');
    const { asked } = issuer;
    while (issuer.asked < asked + 2) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await askWith(source, issuer)('b')).toBe(200);
  });
});

it('reads a file, and reads it again', async () => {
  const file = join(directory, 'keys.json');
  const write = async (...kids: string[]) => {
    const keys = await Promise.all(
      kids.map(async (kid) => ({ ...(await exportJWK(issuer.keys.get(kid)!.publicKey)), kid })),
    );
    writeFileSync(file, JSON.stringify({ keys } satisfies JSONWebKeySet));
  };
  const source = await open({ from: file });
  expect(source.ready()).toBe(false);
  await write('a');
  now += 31_000;
  expect(await askWith(source, issuer)()).toBe(200);
});

it('has no use for symmetric keys', async () => {
  const file = join(directory, 'oct.json');
  writeFileSync(file, JSON.stringify({ keys: [{ kty: 'oct', k: 'AAAA', kid: 'a', alg: 'ES256' }] }));
  expect(await askWith(await open({ from: file }), issuer)()).toBe(401);
});
