import type { OutgoingMailbox } from '../delivery/outgoing';
import type { Filter } from '../filter/filter';
import { parseFilters } from '../filter/parse-filters';

/** A dueslag as it is registered at this moment. */
export interface Mailbox extends OutgoingMailbox {
  readonly isPaused: boolean;
  /** Minutes; null for no alarm. */
  readonly alarmAfter: number | null;
  readonly name: string;
  /** Number of its registration. */
  readonly registration: number;
}

/** A subscription that has a dueslag. */
export interface Subscription {
  readonly owner: string;
  readonly uuid: string;
  readonly system: string;
  readonly mailbox: string;
  readonly filters: readonly Filter[];
}

/** Values of facets as JSON text: what holds at one moment. */
export type Holding = Readonly<Record<string, string>>;

interface Properties {
  readonly brugervendtNoegle?: string;
  readonly navn?: string;
  readonly levering?: Mailbox['delivery'];
  readonly modtager?: string;
  readonly kuvert?: Mailbox['envelope'];
  readonly alarmMinutter?: number;
  readonly filtre?: unknown;
}

const propertiesOf = ({ egenskaber }: Holding): Properties | null =>
  egenskaber === undefined ? null : (JSON.parse(egenskaber) as Properties);

function pointedAt(value: string | undefined): string | null {
  if (value === undefined) return null;
  const { reference } = JSON.parse(value) as { reference?: { uuid?: string } };
  return reference?.uuid?.toLowerCase() ?? null;
}

/** Null when what a dueslag must have does not hold now. */
export function mailboxOf(
  owner: string,
  uuid: string,
  registration: number,
  holding: Holding,
): Mailbox | null {
  const properties = propertiesOf(holding);
  const system = pointedAt(holding['anvendersystem']);
  if (!properties?.levering || system === null) return null;
  const state = holding['tilstand'];
  return {
    owner,
    uuid,
    system,
    registration,
    name: properties.navn ?? properties.brugervendtNoegle ?? uuid,
    delivery: properties.levering,
    receiver: properties.modtager ?? null,
    envelope: properties.kuvert ?? 'cloudevents',
    alarmAfter: properties.alarmMinutter ?? null,
    isPaused: state !== undefined && (JSON.parse(state) as { vaerdi: string }).vaerdi === 'pauset',
  };
}

/** Null when it has no dueslag now, and when its filters cannot be read: then it takes nothing. */
export function subscriptionOf(owner: string, uuid: string, holding: Holding): Subscription | null {
  const properties = propertiesOf(holding);
  const [mailbox, system] = [pointedAt(holding['dueslag']), pointedAt(holding['anvendersystem'])];
  if (!properties || mailbox === null || system === null) return null;
  try {
    return { owner, uuid, system, mailbox, filters: parseFilters(properties.filtre ?? []) };
  } catch {
    return null;
  }
}
