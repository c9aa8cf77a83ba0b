import type { Caller, Verb } from '@stoettesystemer/access';
import {
  type Declaration,
  type GuardedField,
  type Period,
  period as p,
  Refusal,
} from '@stoettesystemer/object';
import type { ObjectInput } from './ask';
import type { Draft } from './draft';
import { stiOf, withheldFrom } from './guarded';
import type { Piece } from './piece';

/** A request to change an object, and what it comes to. */
export interface Overwriting {
  /** Nothing is held of the object that could be overwritten. */
  readonly isNew: boolean;
  readonly input: ObjectInput;
  readonly draft: Pick<Draft, 'close' | 'add'>;
}

/**
 * Who is not shown a member may give it to a new object, and nothing else: what one cannot see one would overwrite. To
 * say what is there already is refused alike, or whoever guesses would be told that the guess is right.
 * @throws Refusal 403 `skjult_felt`
 */
export function mayOverwrite(caller: Caller, type: Declaration, verb: Verb, request: Overwriting): void {
  if (request.isNew) return;
  for (const field of withheldFrom(caller, type, verb)) {
    const sti = saidAt(request.input, field) ?? (isLost(request.draft, field) ? stiOf(field) : null);
    if (sti === null) continue;
    const besked = 'Aftalen giver ikke ret til at ændre det, som den ikke giver ret til at se.';
    throw new Refusal(403, 'skjult_felt', besked, { fejl: [{ sti, kode: 'skjult_felt', besked }] });
  }
}

/** Where the request says something of the member. Null is what one was shown, and is told by what it comes to. */
function saidAt(input: ObjectInput, { section, facet, member }: GuardedField): string | null {
  const items = input[section]?.[facet] ?? [];
  const at = items.findIndex((item) => item[member] !== undefined && item[member] !== null);
  return at < 0 ? null : `/${section}/${facet}/${at}/${member}`;
}

const memberOf = ({ value }: Piece, member: string): string | undefined =>
  JSON.stringify((JSON.parse(value) as Record<string, unknown>)[member]);

/** Whether a value that was held is, in some part of its time, held no more. */
function isLost({ close, add }: Overwriting['draft'], { facet, member }: GuardedField): boolean {
  const added = add.filter((piece) => piece.facet === facet);
  return close.some((fact) => {
    const held = fact.facet === facet ? memberOf(fact, member) : undefined;
    if (held === undefined) return false;
    const kept = added.filter((piece) => piece.slot === fact.slot && memberOf(piece, member) === held);
    const rest = kept.reduce<Period[]>(
      (gaps, { period }) => gaps.flatMap((gap) => p.minus(gap, period)),
      [fact.period],
    );
    return rest.length > 0;
  });
}
