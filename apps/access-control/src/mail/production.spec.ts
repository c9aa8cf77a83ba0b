import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningService, runningApp } from '@stoettesystemer/testing';
import { accessControl } from '../access-control';
import { outcomeOf } from '../spec/town';

let service: RunningService;
const folder = mkdtempSync(join(tmpdir(), 'noegler-'));
beforeAll(async () => {
  const key = join(folder, 'noegle');
  writeFileSync(key, randomBytes(32));
  service = await runningApp(accessControl, {
    PROFIL: 'produktion',
    EKSTERN_URL: 'https://eksempel.dk',
    CURSOR_NOEGLE: key,
    PSEUDONYM_NOEGLE: key,
  });
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

test('nobody reads the mail in production', async () => {
  const answer = await service.send('GET', '/adgangsstyring/dev/post', { token: null });
  expect(outcomeOf(answer)).toEqual([404, 'findes_ikke']);
});
