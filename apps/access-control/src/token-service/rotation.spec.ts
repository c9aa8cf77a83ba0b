import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeySource } from '@stoettesystemer/access';
import { decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { publicKeysFile, SigningKeys } from './signing-keys';
import { MadeUpClient } from './spec/made-up-client';
import { ISSUER, runningTokenService, type RunningTokenService } from './spec/running-token-service';

let at: RunningTokenService;
let beside: RunningTokenService;
beforeAll(async () => {
  at = await runningTokenService();
  beside = await runningTokenService({ beside: at });
});
afterAll(async () => {
  await beside.close();
  await at.close();
});

const keysAt = async (running: RunningTokenService) => {
  const response = await running.fetch(`${ISSUER}/jwks`);
  return ((await response.json()) as JSONWebKeySet).keys.map(({ kid }) => kid);
};
const tokenFrom = async (running: RunningTokenService): Promise<string> => {
  const { system, key } = MadeUpClient.demo(at);
  const client = new MadeUpClient(running, system, key);
  const { body } = await client.ask(await client.form());
  return String(body['access_token']);
};

/** As if it had been published long ago. */
function ageNext(): void {
  const file = join(at.dataDir, 'adgangsstyring-noegler.json');
  const ring = JSON.parse(readFileSync(file, 'utf8')) as { next: { since: number } };
  ring.next.since = 0;
  writeFileSync(file, JSON.stringify(ring));
}

test('A10: after a rotation every process signs with the new key, and what the old one signed is still believed', async () => {
  // As a service has them that fetched the keys before the rotation and does not ask again.
  const source = await KeySource.open({ from: publicKeysFile(at.dataDir), waits: { cooldown: 1e9 } });
  try {
    const before = await tokenFrom(at);
    const [active, next] = await keysAt(at);
    expect(decodeProtectedHeader(before).kid).toBe(active);
    ageNext();
    await at.service.app.get(SigningKeys).rotate();
    expect(await keysAt(at)).toEqual([next, expect.any(String), active]);
    while ((await keysAt(beside))[0] !== next);
    for (const running of [at, beside]) {
      const after = await tokenFrom(running);
      expect(decodeProtectedHeader(after).kid).toBe(next);
      for (const token of [before, after])
        await expect(jwtVerify(token, source.find, { issuer: ISSUER })).resolves.toBeDefined();
    }
    await at.service.app.get(SigningKeys).rotate({ compromised: true });
    expect(await keysAt(at)).not.toContain(next);
    expect(await keysAt(at)).toContain(active);
  } finally {
    source.close();
  }
});
