import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { distrustOf } from '../spec/distrust';
import { newSigningKey, readPrivateKey, writePrivateKey, writePublicKey } from './signing-key';
import { signWebhook, webhookId } from './signature';

/** The vector that the specification's example of a signature is of, as its implementations test it. */
const VECTOR = {
  seed: '6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=',
  shown: 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  seconds: 1_614_265_330,
  body: '{"test": 2432232314}',
  signature: 'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
};
const at = new Date(VECTOR.seconds * 1000);

describe('the published vector', () => {
  const key = readPrivateKey(`whsk_${VECTOR.seed}`);

  test('is signed as it is', () => {
    expect(signWebhook({ id: VECTOR.id, body: VECTOR.body, at }, [key])).toEqual({
      'webhook-id': VECTOR.id,
      'webhook-timestamp': `${VECTOR.seconds}`,
      'webhook-signature': VECTOR.signature,
    });
  });

  test('is trusted, among signatures of other kinds, by the key that is shown', () => {
    const headers = {
      'webhook-id': VECTOR.id,
      'webhook-timestamp': `${VECTOR.seconds}`,
      'webhook-signature': `v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= ${VECTOR.signature}`,
    };
    expect(writePublicKey(key)).toBe(VECTOR.shown);
    expect(distrustOf(headers, VECTOR.body, [VECTOR.shown], at)).toBeNull();
    const only = { ...headers, 'webhook-signature': headers['webhook-signature'].split(' ')[0]! };
    expect(distrustOf(only, VECTOR.body, [VECTOR.shown], at)).toBe('signature');
  });
});

const ids = fc.stringMatching(/^[a-zA-Z0-9_-]{1,40}$/);
const bodies = fc.oneof(
  fc.string(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);

describe('signatures', () => {
  const key = newSigningKey();
  const shown = createPublicKey(key);
  const other = newSigningKey();

  test('whatever is signed is trusted, and nothing else', () => {
    fc.assert(
      fc.property(ids, bodies, bodies, (id, body, changed) => {
        const headers = signWebhook({ id, body, at }, [key]);
        const judge = (change: object, text: string | Buffer = body, by = shown) =>
          distrustOf({ ...headers, ...change }, text, [by], at);
        expect(judge({})).toBeNull();
        expect(judge({ 'webhook-id': `${id}x` })).toBe('signature');
        expect(judge({ 'webhook-timestamp': `${VECTOR.seconds + 1}` })).toBe('signature');
        expect(judge({}, body, createPublicKey(other))).toBe('signature');
        if (!Buffer.from(changed).equals(Buffer.from(body))) expect(judge({}, changed)).toBe('signature');
      }),
      { numRuns: 50 },
    );
  });

  test('while keys are changed both are signed with, and either is enough', () => {
    const headers = signWebhook({ id: 'a', body: 'b', at }, [other, key]);
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    for (const each of [key, other]) expect(distrustOf(headers, 'b', [createPublicKey(each)], at)).toBeNull();
    const one = signWebhook({ id: 'a', body: 'b', at }, [key]);
    expect(distrustOf(one, 'b', [createPublicKey(other), shown], at)).toBeNull();
    expect(distrustOf(one, 'b', [], at)).toBe('signature');
  });

  test('an attempt is of now', () => {
    const headers = signWebhook({ id: 'a', body: '', at }, [key]);
    const judge = (seconds: number) =>
      distrustOf(headers, '', [shown], new Date((VECTOR.seconds + seconds) * 1000));
    expect([judge(300), judge(-300)]).toEqual([null, null]);
    expect([judge(301), judge(-301)]).toEqual(['time', 'time']);
  });

  test.each<[string, object]>([
    ['no id', { 'webhook-id': undefined }],
    ['no time', { 'webhook-timestamp': undefined }],
    ['a time that is no number', { 'webhook-timestamp': '1e9' }],
    ['no signature', { 'webhook-signature': '' }],
  ])('%s', (_, change) => {
    const headers = { ...signWebhook({ id: 'a', body: '', at }, [key]), ...change };
    expect(distrustOf(headers, '', [shown], at)).toBe('headers');
  });

  test.each(['v1a,', 'v1a,AAAA', 'v1a', ' ', 'v1a,%%%', `v1b,${'A'.repeat(86)}==`])(
    'a signature that is none: %j',
    (signature) => {
      const headers = { ...signWebhook({ id: 'a', body: '', at }, [key]), 'webhook-signature': signature };
      expect(distrustOf(headers, '', [shown], at)).toBe('signature');
    },
  );

  test.each(['a.b', '', 'a b', 'a\nb', 'æ'])(
    'an id that would blur what is signed is not signed: %j',
    (id) => {
      expect(() => signWebhook({ id, body: '', at }, [key])).toThrow('webhook-id');
    },
  );

  test('nothing is sent unsigned', () =>
    expect(() => signWebhook({ id: 'a', body: '', at }, [])).toThrow('unsigned'));

  test('any event has an id that can be signed; of UUIDs it is their own', () => {
    const uuid = '9d6c2f0a-2c0f-4a1e-9e4b-3f6f7a3f1b11';
    expect(webhookId({ source: '/a', id: uuid })).toBe(uuid);
    const known = new Map<string, string>();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (source, id) => {
        const made = webhookId({ source, id });
        expect(() => signWebhook({ id: made, body: '', at }, [key])).not.toThrow();
        expect(known.get(made) ?? `${source}\n${id}`).toBe(`${source}\n${id}`);
        known.set(made, `${source}\n${id}`);
      }),
      { numRuns: 50 },
    );
  });
});

describe('keys', () => {
  const key = newSigningKey();

  test('are read as they were written', () => {
    expect(readPrivateKey(writePrivateKey(key)).equals(key)).toBe(true);
    expect(writePublicKey(createPublicKey(key))).toBe(writePublicKey(key));
    expect(writePrivateKey(key)).toMatch(/^whsk_[A-Za-z0-9+/]{86}==$/);
    expect(writePublicKey(key)).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
  });

  const bytes = (length: number) => Buffer.alloc(length, 7).toString('base64');
  test.each([
    ['a public one', writePublicKey(key)],
    ['no prefix', VECTOR.seed],
    ['nothing', 'whsk_'],
    ['a byte too few', `whsk_${bytes(31)}`],
    ['three halves', `whsk_${bytes(96)}`],
    ['halves of two pairs', `whsk_${bytes(64)}`],
    ['base64 of the web', `whsk_${VECTOR.seed.replaceAll('/', '_')}`],
  ])('%s is no private key, and is not repeated', (_, text) => {
    expect(() => readPrivateKey(text)).toThrow(/^Not a key: [a-z _]+$/);
  });
});
