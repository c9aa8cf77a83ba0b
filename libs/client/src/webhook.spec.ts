import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { Untrusted, Webhook } from './webhook';

const now = new Date('2026-03-01T12:00:00Z');
const [pair, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
const shown = (key: KeyObject) =>
  `whpk_${key.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')}`;
const body = JSON.stringify({ specversion: '1.0', id: 'a', source: '/x', type: 't', data: 'Ærø' });
const signature = (key: KeyObject, text: string) =>
  `v1a,${sign(null, Buffer.from(text), key).toString('base64')}`;
const headersOf = ({ key = pair.privateKey, id = 'a', at = now.getTime() / 1000, content = body } = {}) => ({
  'webhook-id': id,
  'webhook-timestamp': `${at}`,
  'webhook-signature': signature(key, `${id}.${at}.${content}`),
});
const webhook = (...keys: string[]) => new Webhook(keys, () => now);
const reasonOf = (act: () => unknown): string => {
  try {
    act();
    return 'trusted';
  } catch (cause) {
    if (cause instanceof Untrusted) return cause.reason;
    throw cause;
  }
};

test('what is signed with one of the keys, and is of now, is read', () => {
  const read = webhook(shown(pair.publicKey)).read(headersOf(), body);
  expect(read).toEqual(JSON.parse(body));
  const rotating = webhook(shown(other.publicKey), shown(pair.publicKey));
  expect(rotating.read(headersOf(), Buffer.from(body)).id).toBe('a');
  const both = headersOf();
  const signatures = `${headersOf({ key: other.privateKey })['webhook-signature']} ${both['webhook-signature']}`;
  expect(webhook(shown(pair.publicKey)).read({ ...both, 'webhook-signature': signatures }, body).id).toBe(
    'a',
  );
});

test.each([
  ['by another key', headersOf({ key: other.privateKey }), body, 'signature'],
  ['with another body', headersOf(), body.replace('Ærø', 'Ærö'), 'signature'],
  ['with another id', { ...headersOf(), 'webhook-id': 'b' }, body, 'signature'],
  [
    'with a later time',
    { ...headersOf(), 'webhook-timestamp': `${now.getTime() / 1000 + 1}` },
    body,
    'signature',
  ],
  ['of another version', { ...headersOf(), 'webhook-signature': 'v1,YQ==' }, body, 'signature'],
  ['that is old', headersOf({ at: now.getTime() / 1000 - 301 }), body, 'time'],
  ['of the future', headersOf({ at: now.getTime() / 1000 + 301 }), body, 'time'],
  ['without headers', {}, body, 'headers'],
  ['with a header twice', { ...headersOf(), 'webhook-id': ['a', 'a'] }, body, 'headers'],
  ['with a time that is none', { ...headersOf(), 'webhook-timestamp': '1e9' }, body, 'headers'],
  ['that is no event', headersOf({ content: '{"id":1}' }), '{"id":1}', 'content'],
  ['that is no JSON', headersOf({ content: 'x' }), 'x', 'content'],
])('what comes %s is not', (_, headers, content, reason) => {
  expect(reasonOf(() => webhook(shown(pair.publicKey)).read(headers, content))).toBe(reason);
});

test('what is no key is said at once', () => {
  for (const key of ['', 'whpk_', `whsk_${shown(pair.publicKey).slice(5)}`, `${shown(pair.publicKey)}AAAA`])
    expect(() => webhook(key)).toThrow('Not a key');
});
