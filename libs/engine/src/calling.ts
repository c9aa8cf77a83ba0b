import type { Caller } from '@stoettesystemer/access';
import type { Declaration } from '@stoettesystemer/object';
import type { ObjectInput } from './ask';

/** Before anything that is said, so that it is the same however often the object is sent. */
const ALWAYS = { fra: '1900-01-01T00:00:00Z' };

/** The input with the caller's it-system in each relation that is declared to hold it and was left out. */
export function withCaller({ system }: Caller, type: Declaration, input: ObjectInput): ObjectInput {
  const missing = Object.entries(type.relations).filter(
    ([name, { caller }]) => caller === true && input.relationer?.[name] === undefined,
  );
  if (missing.length === 0) return input;
  const said = missing.map(([name]) => [name, [{ virkning: ALWAYS, reference: { uuid: system } }]] as const);
  return { ...input, relationer: { ...input.relationer, ...Object.fromEntries(said) } };
}
