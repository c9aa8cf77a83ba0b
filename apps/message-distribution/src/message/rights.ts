import { allows, type Caller, COMMON_OWNER, type ScopeEntry } from '@stoettesystemer/access';
import { Besked } from '@stoettesystemer/model';
import type { CloudEvent } from '../envelope/cloud-event/cloud-event';

/** What rights to a message are judged by. Its owner is whoever asks: who may have it at all is said by its receivers. */
const scopeOf = ({ beskedtype, opgaveemne, foelsomhed, ansvarligmyndighed }: CloudEvent): ScopeEntry => ({
  fra: 0,
  til: null,
  beskedtype: beskedtype?.toLowerCase() ?? null,
  kle: opgaveemne ?? null,
  foelsomhed: foelsomhed ?? null,
  afsendermyndighed: ansvarligmyndighed ?? null,
});

/** CVRs that an event names; null when it names none. */
export const namedReceivers = ({ tilladtmodtager }: CloudEvent): readonly string[] | null =>
  tilladtmodtager === undefined ? null : [...new Set(tilladtmodtager.split(','))];

const maySendTo = (caller: Caller, event: CloudEvent, receiver: string | null): boolean =>
  allows(caller, Besked, 'skriv', {
    owner: caller.owner,
    scopes: [{ ...scopeOf(event), modtagermyndighed: receiver }],
  });

/**
 * Those of the named receivers that the sender's agreement gives; where none are named, whether it gives the sender's own
 * municipality (and the common organisation: everybody, which only `*` does). Null when nothing is left.
 */
export function permittedReceivers(caller: Caller, event: CloudEvent): readonly string[] | 'as said' | null {
  const named = namedReceivers(event);
  if (named === null) {
    const everybody = caller.owner === COMMON_OWNER;
    return maySendTo(caller, event, everybody ? null : caller.owner) ? 'as said' : null;
  }
  const permitted = named.filter((receiver) => maySendTo(caller, event, receiver));
  return permitted.length > 0 ? permitted : null;
}

/** The one question at every delivery: may this receiver have this message, by the agreement as it is now? */
export const mayReceive = (caller: Caller, event: CloudEvent): boolean =>
  allows(caller, Besked, 'laes', { owner: caller.owner, scopes: [scopeOf(event)] });

/** The event as this receiver is to have it: of those that may have it, it is told of nobody but itself. */
export const asReceivedBy = <E extends Readonly<Record<string, unknown>>>(event: E, owner: string): E =>
  event['tilladtmodtager'] === undefined ? event : { ...event, tilladtmodtager: owner };
