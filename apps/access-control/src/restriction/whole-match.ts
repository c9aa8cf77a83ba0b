import { createContext, Script } from 'node:vm';

/** Characters; the declarations allow no more, and neither do we where a value comes from elsewhere. */
const LONGEST = 500;
/** Milliseconds for all the values together. An expression that needs more is one that goes astray. */
const TIME = 250;

const context = createContext(Object.create(null) as object, {
  codeGeneration: { strings: false, wasm: false },
});
const script = new Script('values.map((value) => expression.test(value))');

/** Whole values only. Tools that made these expressions differ in what may be escaped, so Unicode's strict way is not all. */
function expressionOf(source: string): RegExp | null {
  for (const flags of ['u', ''])
    try {
      // Alone first: `a)|(b` is no expression, but becomes one between our brackets.
      void new RegExp(source, flags);
      return new RegExp(`^(?:${source})$`, flags);
    } catch {
      continue;
    }
  return null;
}

export const isExpression = (source: string): boolean =>
  source.length <= LONGEST && expressionOf(source) !== null;

/**
 * For each value, whether all of it matches the expression; null when the expression cannot be read, or does not come to
 * an end in time (`(a+)+$`): V8 stops a match where it is when the time of a script is up.
 */
export function wholeMatches(source: string, values: readonly string[]): readonly boolean[] | null {
  const expression = source.length <= LONGEST ? expressionOf(source) : null;
  if (!expression) return null;
  const short = values.map((value) => (value.length <= LONGEST ? value : null));
  try {
    Object.assign(context, { expression, values: short.map((value) => value ?? '') });
    const found = script.runInContext(context, { timeout: TIME }) as boolean[];
    return short.map((value, at) => value !== null && found[at] === true);
  } catch {
    return null;
  }
}
