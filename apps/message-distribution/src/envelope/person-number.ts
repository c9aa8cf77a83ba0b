/** Numbers of ten digits that are not a person's: a production unit's and a property's. */
const OTHERS = /urn:oio:(?:pnr|ejendom:bfe-nr):\d{10}(?!\d)/gi;
const PERSON_URN = /urn:oio:cpr(?:-nr)?:/i;
/** Ten digits that stand alone, with or without what people put before the last four. */
const TEN_DIGITS = /(?<![0-9a-z])\d{6}[- ]?\d{4}(?![0-9a-z])/i;

/** Stands for a citizen where a CPR number may not: a keyed hash, of which nobody without the key finds the way back. */
export const PERSON_REFERENCE = /^cpr-hmac:[A-Za-z0-9_-]{22,64}$/;

/** Makes the keyed reference of the ten digits of a CPR number. */
export type PersonReference = (number: string) => string;

/** The number of a person's URN, in either of the forms in use; null for what is none. */
export const personNumberOf = (urn: string): string | null =>
  /^urn:oio:cpr(?:-nr)?:(\d{6})-?(\d{4})$/i.exec(urn.trim())?.slice(1).join('') ?? null;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Whether a text holds what is, or looks like, a CPR number. Neither the date nor the check digit is asked: numbers
 * without either exist, and a sender shall not be refused for every seventh of its running numbers only.
 */
export function holdsPersonNumber(text: string): boolean {
  if (PERSON_REFERENCE.test(text)) return false;
  const plain = text.normalize('NFKC');
  return [plain, ...(plain.includes('%') ? [decoded(plain)] : [])].some((each) => {
    const rest = each.replace(OTHERS, '');
    return PERSON_URN.test(rest) || TEN_DIGITS.test(rest);
  });
}
