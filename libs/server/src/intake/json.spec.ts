import { Refusal } from '@stoettesystemer/object';
import fc from 'fast-check';
import { decodeUtf8, parseJson } from './json';

const refusalOf = (work: () => unknown): Refusal => {
  try {
    work();
  } catch (cause) {
    if (cause instanceof Refusal) return cause;
    throw cause;
  }
  throw new Error('nothing was refused');
};

test.each([
  ['', 'json', '', 1],
  ['   ', 'json', '', 4],
  ['nul', 'json', '', 1],
  ['NaN', 'json', '', 1],
  ["{'a':1}", 'json', '', 2],
  ['{"a":1,}', 'json', '', 8],
  ['[1,]', 'json', '/1', 4],
  ['[1 2]', 'json', '/0', 4],
  ['{"a" 1}', 'json', '/a', 6],
  ['{"a":1}x', 'json', '', 8],
  ['// c\n{}', 'json', '', 1],
  ['{"a":01}', 'json', '/a', 7],
  ['{"a":.5}', 'json', '/a', 6],
  ['{"a":+1}', 'json', '/a', 6],
  ['{"a":-}', 'json', '/a', 6],
  ['{"a":"\t"}', 'json', '/a', 7],
  ['{"a":"\\x41"}', 'json', '/a', 7],
  ['{"a":"x', 'json', '/a', 8],
  ['{"a":"\\u0000"}', 'tegn', '/a', 7],
  ['{"a":"\\ud800"}', 'tegn', '/a', 13],
  ['{"a":"\\ud800x"}', 'tegn', '/a', 14],
  ['{"a":"\\ud800\\n"}', 'tegn', '/a', 13],
  ['{"a":"\\udc00"}', 'tegn', '/a', 7],
  ['{"a":9007199254740992}', 'tal', '/a', 6],
  ['{"a":-1e16}', 'tal', '/a', 6],
  ['{"a":1e400}', 'tal', '/a', 6],
  ['{"a":{"cvr":1,"cvr":2}}', 'dublet', '/a/cvr', 20],
  ['{"a":1,"\\u0061":2}', 'dublet', '/a', 16],
  ['{"__proto__":{}}', 'navn', '/__proto__', 13],
  ['{"a":[{"constructor":{"prototype":{}}}]}', 'navn', '/a/0/constructor', 21],
  ['{"\\u005f_proto__":{}}', 'navn', '/__proto__', 18],
  ['{"a/b":{"c~d":tru}}', 'json', '/a~1b/c~0d', 15],
])('%j is refused with %s at %s', (text, kode, sti, place) => {
  const { status, fejl } = refusalOf(() => parseJson(text));
  expect([status, fejl[0]?.kode, fejl[0]?.sti]).toEqual([400, kode, sti]);
  expect(fejl[0]?.besked).toContain(`(tegn ${place})`);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('thirty-two levels and a thousand members, and not one more', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const wide = (members: number) => `{${Array.from({ length: members }, (_, n) => `"m${n}":0`).join(',')}}`;
  expect(() => parseJson(nested(32))).not.toThrow();
  expect(refusalOf(() => parseJson(nested(33))).kode).toBe('dybde');
  expect(refusalOf(() => parseJson('['.repeat(50_000))).kode).toBe('dybde');
  expect(() => parseJson(wide(1000))).not.toThrow();
  expect(refusalOf(() => parseJson(wide(1001))).kode).toBe('antal');
});

test('a list may be as long as the body', () => {
  expect(parseJson(JSON.stringify(Array.from({ length: 100_000 }, (_, n) => n)))).toHaveLength(100_000);
});

const isClean = (value: unknown): boolean =>
  typeof value === 'string'
    ? !value.includes('\0') && !/\p{Cs}/u.test(value)
    : typeof value === 'number'
      ? Math.abs(value) <= Number.MAX_SAFE_INTEGER
      : Array.isArray(value)
        ? value.every(isClean)
        : typeof value === 'object' && value !== null
          ? Object.entries(value).every(
              ([name, member]) =>
                isClean(name) && !['__proto__', 'constructor', 'prototype'].includes(name) && isClean(member),
            )
          : true;

test('what JSON.stringify writes is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }),
      fc.constantFrom(undefined, 1, '\t'),
      (value, space) => {
        const text = JSON.stringify(value, null, space);
        if (isClean(value)) expect(parseJson(text)).toEqual(JSON.parse(text));
        else refusalOf(() => parseJson(text));
      },
    ),
    { numRuns: 2000 },
  );
});

test('what is cut, doubled or changed is accepted only where JSON.parse accepts it, and then as the same', () => {
  const changed = fc.tuple(
    fc.json({ maxDepth: 4 }),
    fc.nat(),
    fc.nat(),
    fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', 'e', 'u', ' '),
  );
  fc.assert(
    fc.property(changed, ([text, from, length, by]) => {
      const at = from % (text.length + 1);
      const broken = text.slice(0, at) + by + text.slice(at + (length % 3));
      let mine: unknown;
      try {
        mine = parseJson(broken);
      } catch (cause) {
        expect(cause).toBeInstanceOf(Refusal);
        return;
      }
      expect(mine).toEqual(JSON.parse(broken));
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ['a byte order mark', Buffer.from('\ufeff{}')],
  ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
  ['half a character', Buffer.from([0x22, 0xc3])],
  ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ['Latin-1', Buffer.from('"Ærø"', 'latin1')],
])('%s is not mended', (_, bytes) => {
  expect(refusalOf(() => decodeUtf8(bytes))).toMatchObject({ status: 400, kode: 'tegnsaet' });
});

test('UTF-8 is read as it is', () => {
  expect(decodeUtf8(Buffer.from('"Ærø 🛳"'))).toBe('"Ærø 🛳"');
});
