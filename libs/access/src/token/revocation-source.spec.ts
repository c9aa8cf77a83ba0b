import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, exportJWK, generateKeyPair, type GenerateKeyPairResult, SignJWT } from 'jose';
import type { Caller } from '../caller';
import { DenyList } from './deny-list';
import { REVOCATIONS_AUDIENCE, REVOCATIONS_TYPE, type Revocation } from './revocation';
import { RevocationSource, type RevocationSourceOptions } from './revocation-source';

const ISSUER = 'https://adgang.example';
const AGREEMENT = 'aaaaaaaa-0000-4000-8000-000000000002';
const caller: Caller = {
  service: 'klassifikation',
  owner: '12345678',
  system: 'aaaaaaaa-0000-4000-8000-000000000001',
  subject: 'aaaaaaaa-0000-4000-8000-000000000001',
  assurance: null,
  agreement: AGREEMENT,
  agreementVersion: 1,
  tokenId: 'et',
  issued: 0,
  expires: 0,
  groups: [],
};

/** Adgangsstyring, as far as anybody asks it for what has been taken back; its answers can be spoilt. */
class Told {
  epoch: string = randomUUID();
  position = 0;
  kids = ['a'];
  revocations: Revocation[] = [];
  /** Given instead of a signed document. */
  answer: ((response: ServerResponse) => void) | null = null;
  claims: Record<string, unknown> = {};
  header: Record<string, unknown> = {};
  readonly asked: string[] = [];
  private server?: Server;
  private port = 0;
  private readonly waiting = new Set<() => void>();

  constructor(readonly key: GenerateKeyPairResult) {}

  get address(): string {
    return `http://127.0.0.1:${this.port}/tilbagekaldelser`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.respond(request, response));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  takeBack(revocation: Revocation): void {
    this.revocations.push(revocation);
    this.position++;
    this.wake();
  }

  wake(): void {
    for (const each of this.waiting) each();
  }

  document(): Promise<string> {
    return new SignJWT({
      epoke: this.epoch,
      position: this.position,
      tilbagekaldt: this.revocations,
      noegler: this.kids,
      iss: ISSUER,
      aud: REVOCATIONS_AUDIENCE,
      iat: Math.floor(now / 1000),
      ...this.claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'a', typ: REVOCATIONS_TYPE, ...this.header })
      .sign(this.key.privateKey);
  }

  private async respond({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked.push(url);
    const after = new URL(url, this.address).searchParams.get('efter');
    if (after === String(this.position) && !this.answer)
      await new Promise<void>((wake) => {
        this.waiting.add(wake);
        setTimeout(wake, 5000).unref();
      });
    if (this.answer) this.answer(response);
    else response.end(await this.document());
  }
}

let now: number;
let told: Told;
let list: DenyList;
let failures: unknown[];
let keysChanged: number;
const opened: RevocationSource[] = [];
const sign = generateKeyPair('ES256');

beforeEach(async () => {
  now = Date.now();
  told = new Told(await sign);
  await told.start();
  list = new DenyList({ isFed: true, now: () => now });
  failures = [];
  keysChanged = 0;
});
afterEach(async () => {
  for (const source of opened.splice(0)) source.close();
  told.wake();
  await told.stop();
});

const open = async (options: Partial<RevocationSourceOptions> = {}): Promise<RevocationSource> => {
  const jwk = { ...(await exportJWK((await sign).publicKey)), kid: 'a', alg: 'ES256' };
  const source = new RevocationSource({
    from: told.address,
    issuer: ISSUER,
    keys: createLocalJWKSet({ keys: [jwk] }),
    revoked: list,
    now: () => now,
    failed: (cause) => failures.push(cause),
    keysChanged: () => keysChanged++,
    ...options,
    waits: { rest: 1, retry: 10, longestRetry: 20, ...options.waits },
  });
  opened.push(source);
  await source.start();
  return source;
};
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((go) => setTimeout(go, 5));
};
const second = () => Math.floor(now / 1000);
const takeBack = () => told.takeBack({ agr: AGREEMENT, until: second() + 300 });

it('hears at once what was taken back before it came, and then what is taken back while it listens', async () => {
  told.takeBack({ jti: 'andet', until: second() + 300 });
  await open();
  expect([list.denies({ ...caller, tokenId: 'andet' }), list.denies(caller), list.isStale()]).toEqual([
    true,
    false,
    false,
  ]);
  await until(() => told.asked.length === 2);
  expect(told.asked).toEqual(['/tilbagekaldelser', '/tilbagekaldelser?efter=1&vent=5']);
  takeBack();
  await until(() => list.denies(caller));
  expect(failures).toEqual([]);
});

describe('T15: Adgangsstyring is away', () => {
  it('the list grows stale, keeps what it has, and comes to itself', async () => {
    takeBack();
    await open();
    await told.stop();
    await until(() => failures.length === 1);
    now += 61_000;
    expect([list.isStale(), list.denies(caller)]).toEqual([true, true]);
    // Many tries, and one more report: it is a minute since the first.
    await until(() => failures.length === 2);
    await told.start();
    await until(() => !list.isStale());
    told.takeBack({ jti: 'andet', until: second() + 300 });
    await until(() => list.denies({ ...caller, tokenId: 'andet', agreement: null }));
  });

  it('from the beginning: it is stale, and comes to itself', async () => {
    await told.stop();
    await open();
    expect([list.isStale(), failures.length]).toEqual([true, 1]);
    takeBack();
    await told.start();
    await until(() => list.denies(caller));
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['an error', (response) => response.writeHead(500).end()],
    ['nothing', (response) => response.end()],
    ['a page', (response) => response.end('<html>')],
    ['a way to somewhere else', (response) => response.writeHead(302, { location: told.address }).end()],
    ['silence', () => undefined],
    ['half an answer', (response) => response.write('ey')],
    [
      'more than anybody would read',
      (response) => {
        const pour = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.on('drain', pour);
        pour();
      },
    ],
  ])('it answers with %s', async (_, answer) => {
    told.answer = answer;
    await open({ waits: { timeout: 300 } });
    expect([list.isStale(), failures.length]).toEqual([true, 1]);
    told.answer = null;
    await until(() => !list.isStale());
  });
});

describe('nobody but Adgangsstyring is believed', () => {
  const refusals: [string, () => void | Promise<void>][] = [
    ['another key', async () => void Object.assign(told, { key: await generateKeyPair('ES256') })],
    ['an access token', () => void (told.header = { typ: 'at+jwt' })],
    ['no type', () => void (told.header = { typ: undefined })],
    ['another audience', () => void (told.claims = { aud: 'urn:stoettesystemerne:service:klassifikation' })],
    ['another issuer', () => void (told.claims = { iss: 'https://andre.example' })],
    ['no time', () => void (told.claims = { iat: undefined })],
    ['an old document', () => void (told.claims = { iat: second() - 45 })],
    ['a document of tomorrow', () => void (told.claims = { iat: second() + 3600 })],
    ['a position that is none', () => void (told.claims = { position: -1 })],
    ['an epoch that is none', () => void (told.claims = { epoke: 7 })],
    ['no list', () => void (told.claims = { tilbagekaldt: undefined })],
    ['no keys', () => void (told.claims = { noegler: undefined })],
    ['an entry without an end', () => void (told.claims = { tilbagekaldt: [{ agr: AGREEMENT }] })],
    ['an entry of nothing', () => void (told.claims = { tilbagekaldt: [null] })],
    ['an entry of an unknown kind', () => void (told.claims = { tilbagekaldt: [{ alle: 'x', until: 9 }] })],
    [
      'an entry of two kinds',
      () => void (told.claims = { tilbagekaldt: [{ jti: 'x', sub: 'y', until: 9_999_999_999 }] }),
    ],
  ];
  it.each(refusals)('%s', async (_, spoil) => {
    takeBack();
    await spoil();
    await open();
    expect([list.isStale(), list.denies(caller), failures.length]).toEqual([true, false, 1]);
  });

  it('nor is a document that somebody kept: neither news nor silence comes of it', async () => {
    const kept = await told.document();
    takeBack();
    await open();
    expect(list.denies(caller)).toBe(true);
    let given = 0;
    told.answer = (response) => void (given++, response.end(kept));
    told.wake();
    await until(() => given > 2 && failures.length > 0);
    now += 61_000;
    expect(list.isStale()).toBe(true);
  });
});

it('begins anew when the database has been restored, and forgets nothing', async () => {
  told.position = 40;
  takeBack();
  await open();
  Object.assign(told, {
    epoch: randomUUID(),
    position: 3,
    revocations: [{ jti: 'nyt', until: second() + 9 }],
  });
  told.wake();
  await until(() => list.denies({ ...caller, agreement: null, tokenId: 'nyt' }));
  expect(list.denies(caller)).toBe(true);
});

it('A10: says when the keys are no longer those they were', async () => {
  await open();
  takeBack();
  await until(() => list.denies(caller));
  expect(keysChanged).toBe(0);
  told.kids = ['b'];
  told.takeBack({ jti: 'andet', until: second() + 300 });
  await until(() => keysChanged === 1);
});

it('is silent once it is closed', async () => {
  const source = await open();
  await until(() => told.asked.length === 2);
  source.close();
  await source.start();
  takeBack();
  await new Promise((go) => setTimeout(go, 50));
  expect([told.asked.length, list.denies(caller), failures]).toEqual([2, false, []]);
});
