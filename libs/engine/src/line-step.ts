import { type Declaration, type Instant, notFound } from '@stoettesystemer/object';
import type { Ask } from './ask';
import type { Line } from './bulk-line';
import { type Held, nextMoment } from './held';
import { mayStep, NotMine } from './permission';
import type { Action } from './plan';
import { actorOf } from './recording';

/** The object that a line steps on, when the caller may take the step. @throws Refusal */
export function steppedOn(
  ask: Ask,
  type: Declaration,
  { ifMatch }: Line,
  held: Held | null,
  action: Action,
): Held {
  try {
    mayStep(type, held, { action, ifMatch: ifMatch ?? held?.number ?? null }, ask);
  } catch (cause) {
    throw cause instanceof NotMine ? notFound() : cause;
  }
  if (!held) throw notFound();
  return held;
}

/** What the next registration of an object says of itself, whatever it says of the object. */
export const following = (
  ask: Ask,
  type: Declaration,
  { uuid, input }: Line,
  held: Held,
  present: Instant,
) => ({
  type,
  uuid,
  isNew: false,
  number: held.number + 1,
  at: nextMoment(held, present),
  actor: actorOf(ask, input),
  note: input.note ?? null,
  sourceTime: input.tidspunkt ?? null,
});
