const EXPIRED = /\s*\[udgået\]\s*\.?\s*$/i;

/** The text of an element that pretty-printing may have padded or broken over lines. Inner blanks stay. */
export const oneLine = (text: string): string => text.trim().replace(/[ \t]*[\r\n]+[ \t\r\n]*/g, ' ');

/** `Delpension [udgået] ` → `Delpension`. `[udgår 2015]` is part of the name and stays. */
export const withoutExpiry = (titel: string): string => titel.replace(EXPIRED, '');
export const saysExpired = (titel: string): boolean => EXPIRED.test(titel);

/**
 * A text as it would be if nobody cared about kinds of dashes, quotes and blanks: two texts with the same key differ
 * at most typographically.
 */
export const typographicKey = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/["'`´\u2018-\u201f\u2039\u203a«»]/g, "'")
    .replace(/\s+/g, ' ')
    .replace(/ ?([^\p{L}\p{N} ]) ?/gu, '$1')
    .trim();
