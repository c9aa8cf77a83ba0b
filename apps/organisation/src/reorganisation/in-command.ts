import type { Caller } from '@stoettesystemer/access';
import type { Ask } from '@stoettesystemer/engine';

/** Callers as the commands to plans hand them on. */
const commanding = new WeakSet<Caller>();

/** The same question, asked by a command: only what it writes may say that a plan has been applied or undone. */
export function inCommand(ask: Ask): Ask {
  const caller = { ...ask.caller };
  commanding.add(caller);
  return { ...ask, caller };
}

export const isInCommand = (caller: Caller): boolean => commanding.has(caller);
