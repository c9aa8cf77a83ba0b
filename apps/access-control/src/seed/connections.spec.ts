import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMON_OWNER } from '@stoettesystemer/access';
import { decodeJwt, importJWK, type JWK, SignJWT } from 'jose';
import { type Key, MadeUpClient, newKey, registered } from '../token-service/spec/made-up-client';
import {
  ISSUER,
  runningTokenService,
  type RunningTokenService,
} from '../token-service/spec/running-token-service';
import { connectionFolder } from './connections';

const TOWN = '12345678';
const OURS = 'urn:stoettesystemerne:service:adgangsstyring';

let at: RunningTokenService;
const lines: string[] = [];
const keys: Record<string, Key> = {};
const systems: Record<string, string> = {};

/** As the operator does it: files first, and then the service is started. */
beforeAll(async () => {
  const files: Record<string, unknown> = {};
  for (const name of [`${COMMON_OWNER}-a`, `${COMMON_OWNER}-b`, TOWN]) {
    const key = (keys[name] = await newKey());
    const uuid = (systems[name] = randomUUID());
    files[`${name}.json`] = { uuid, navn: name, rollepostkasse: 'adgang@example.dk', jwk: key.open };
  }
  const good = files[`${TOWN}.json`] as object;
  files['noter.txt'] = good;
  files['22222222.json'] = { ...good, uuid: 'x' };
  files['33333333.json'] = { ...good, jwk: keys[TOWN]!.secret };
  files['44444444.json'] = 'ikke et objekt';
  at = await runningTokenService({
    profile: 'produktion',
    lines,
    prepare: (dataDir) => {
      mkdirSync(connectionFolder(dataDir), { recursive: true });
      for (const [name, content] of Object.entries(files))
        writeFileSync(join(connectionFolder(dataDir), name), JSON.stringify(content));
    },
  });
});
afterAll(() => at.close());

async function proof(): Promise<string> {
  const { open, secret } = await newKey();
  const { kty, crv, x, y } = open;
  return new SignJWT({ htm: 'POST', htu: `${ISSUER}/token`, jti: randomUUID() })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty: kty!, crv: crv!, x: x!, y: y! } })
    .setIssuedAt()
    .sign(await importJWK(secret, 'ES256'));
}

async function ask(name: string, cvr: string, service = at) {
  const client = new MadeUpClient(service, systems[name]!, keys[name]!.secret as JWK);
  return client.ask(await client.form({ resource: OURS, scope: `cvr:${cvr}` }), { dpop: await proof() });
}
interface Detail {
  readonly privileges: readonly string[];
}
const privilegesOf = (token: unknown): string[] =>
  (decodeJwt(String(token))['authorization_details'] as Detail[]).flatMap(({ privileges }) => privileges);

test('a municipality that the operator has connected gets a token to serve itself with, and for nobody else', async () => {
  const { status, body } = await ask(TOWN, TOWN);
  expect([status, body['token_type']]).toEqual([200, 'DPoP']);
  expect(privilegesOf(body['access_token'])).toEqual(
    expect.arrayContaining([
      'adgangsstyring:godkend',
      'jobfunktionsrolle:skriv',
      'adgangsstyring:sikkerhedslog',
    ]),
  );
  expect(privilegesOf(body['access_token'])).not.toContain('itsystem:skriv');
  expect(await ask(TOWN, '87654321')).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
  expect(await ask(TOWN, COMMON_OWNER)).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
});

test('two of the common organisation may register, ask and approve', async () => {
  for (const name of [`${COMMON_OWNER}-a`, `${COMMON_OWNER}-b`]) {
    const { status, body } = await ask(name, COMMON_OWNER);
    expect(status).toBe(200);
    expect(privilegesOf(body['access_token'])).toEqual(
      expect.arrayContaining(['itsystem:skriv', 'adgangsstyring:anmod', 'adgangsstyring:godkend']),
    );
  }
});

test('a file that cannot be used is told of by name, without a word of it, and stops nothing', () => {
  const said = lines.filter((line) => line.includes('tilslutning: '));
  expect(said).toHaveLength(4);
  for (const why of ['CVR-nummer', 'ikke et UUID', 'privat'])
    expect(said.some((line) => line.includes(why))).toBe(true);
  expect(said.join()).not.toContain(String(keys[TOWN]!.secret.d));
});

test('what has been changed since stays so when the service starts again', async () => {
  const { open } = keys[TOWN]!;
  await at.write(COMMON_OWNER, [registered(systems[TOWN]!, { keys: [open], tilstand: 'Lukket' })]);
  const again = await runningTokenService({ profile: 'produktion', beside: at });
  try {
    expect(await ask(TOWN, TOWN, again)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect((await ask(`${COMMON_OWNER}-a`, COMMON_OWNER, again)).status).toBe(200);
  } finally {
    await again.close();
  }
});
