import fc from 'fast-check';

/**
 * What breaks careless code: the signs of SQL, LIKE, regular expressions, JSONPath, shells and HTML, letters that are
 * written in two ways, letters of more than two bytes, and those that turn the line around.
 */
export const HOSTILE_TEXTS = [
  "';--",
  "' or '1'='1",
  '%',
  '_',
  '\\',
  '\\%',
  '$1',
  '$$',
  '(a+)+$',
  '.*',
  '[a-',
  '$.**',
  '@ == 1',
  '"',
  '{}',
  '*',
  ',',
  'null',
  'undefined',
  'NaN',
  '-0',
  '${7*7}',
  '{{7*7}}',
  '$(id)',
  '`id`',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '&amp;',
  '%00',
  '%ff',
  'A\u030aro\u0308',
  'ærø ÆRØ',
  'İıß',
  '\u202eabc',
  '\u200b',
  '\ufeff',
  '\ufffd',
  '🛳️👩‍👩‍👧',
  '𝒳',
  '\u{10ffff}',
  ' ',
  '  x  ',
] as const;

const letter = fc.constantFrom(
  ...'abcÆØÅæøå09 -_%\\\'"<>&;$^*()[]{}|/?#+=@!~`.,:😀\u0301\u202e\u00a0\u200d'.match(/./gsu)!,
);

/** Lines of between `min` and `max` characters, the bounds included now and then. */
export const hostileLine = (min: number, max: number): fc.Arbitrary<string> => {
  const fits = HOSTILE_TEXTS.filter((text) => [...text].length >= min && [...text].length <= max);
  const free = fc
    .array(letter, { minLength: min, maxLength: Math.max(min, Math.min(max, 30)) })
    .map((letters) => letters.join(''));
  const bounds = [min, max].filter((length) => length <= 5000).map((length) => 'x'.repeat(length));
  return fc.oneof(
    { arbitrary: free, weight: 4 },
    { arbitrary: fc.constantFrom(...bounds), weight: 1 },
    ...(fits.length > 0 ? [{ arbitrary: fc.constantFrom(...fits), weight: 4 }] : []),
  );
};
