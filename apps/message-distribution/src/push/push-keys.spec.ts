import { randomBytes, randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distrustOf } from '../spec/distrust';
import { signWebhook } from '../standard-webhooks/signature';
import { writePublicKey } from '../standard-webhooks/signing-key';
import { PushKeys } from './push-keys';

let file: string;
const opened: PushKeys[] = [];
const open = async (mayMake = true) => {
  const keys = await PushKeys.open({ file, mayMake, lookEvery: 20 });
  opened.push(keys);
  return keys;
};
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'push-')), 'push.noegle');
});
afterEach(() => {
  for (const keys of opened.splice(0)) keys.onModuleDestroy();
  rmSync(join(file, '..'), { recursive: true });
});

const place = { owner: '12345678', uuid: randomUUID() };
const shown = (keys: PushKeys, where = place) => keys.of(where).map(writePublicKey);

test('the same in every process, and another for every dueslag of every municipality', async () => {
  const [one, other] = [await open(), await open()];
  expect(shown(one)).toEqual(shown(other));
  const places = [place, { ...place, uuid: randomUUID() }, { ...place, owner: '87654321' }];
  expect(new Set(places.flatMap((each) => shown(one, each))).size).toBe(3);
});

test('while keys are changed there are two signatures, and a receiver that knows either is content', async () => {
  const keys = await open();
  const [old] = shown(keys);
  // At once: no time has passed that a file's time would show.
  copyFileSync(file, `${file}.forrige`);
  expect(shown(keys)).toEqual([old]);
  writeFileSync(file, randomBytes(32));
  while (shown(keys).length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  const [fresh, former] = shown(keys) as [string, string];
  expect([former, fresh === old]).toEqual([old, false]);
  const message = { id: randomUUID(), body: 'hej', at: new Date() };
  const headers = signWebhook(message, keys.of(place));
  for (const known of [fresh, former]) expect(distrustOf(headers, message.body, [known])).toBeNull();
  rmSync(`${file}.forrige`);
  while (shown(keys).length > 1) await new Promise((resolve) => setTimeout(resolve, 10));
  const after = signWebhook(message, keys.of(place));
  expect(distrustOf(after, message.body, [fresh])).toBeNull();
  expect(distrustOf(after, message.body, [former])).toBe('signature');
});

test('without a secret nothing begins; one that cannot be read later changes nothing', async () => {
  await expect(open(false)).rejects.toThrow('mangler');
  const keys = await open();
  const before = shown(keys);
  writeFileSync(file, 'kort');
  await expect(keys.reload()).rejects.toThrow('32');
  expect(shown(keys)).toEqual(before);
});
