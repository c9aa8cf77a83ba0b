import { COMMON_OWNER } from '@stoettesystemer/access';
import type { Row } from '@stoettesystemer/postgres';
import type { Attributes } from '../filter/filter';
import { asReceivedBy } from '../message/rights';
import type { ListedValues } from './listed-values';
import type { Found } from './place-deliveries';
import type { Registered } from './registered';

/** A message as it is matched. */
export interface Arrived {
  readonly position: number;
  readonly sender: number;
  readonly number: number;
  /** CVRs; null when none were named. */
  readonly receivers: readonly string[] | null;
  readonly subject: string;
  readonly attributes: Attributes;
}

/** Columns of `message_feed f left join message m` that make an Arrived. */
export const ARRIVED_COLUMNS = `f.pos, f.owner, f.number, array_to_json(m.recipients)::text as recipients,
  m.subject::text as subject, m.envelope`;

const cvrOf = (owner: unknown): string => String(owner).padStart(8, '0');

/** Null where nothing is left of the message but its place. */
export function arrivedOf(row: Row): Arrived | null {
  if (row['envelope'] === null) return null;
  const recipients = JSON.parse((row['recipients'] as string | null) ?? 'null') as number[] | null;
  return {
    position: Number(row['pos']),
    sender: Number(row['owner']),
    number: Number(row['number']),
    receivers: recipients?.map(cvrOf) ?? null,
    subject: row['subject'] as string,
    attributes: JSON.parse(row['envelope'] as string) as Attributes,
  };
}

/** Municipalities that may have it at all: those named; else the sender's own, and of a common message everybody. */
export function audienceOf({ receivers, sender }: Arrived, all: Iterable<string>): Iterable<string> {
  if (receivers) return receivers;
  const owner = cvrOf(sender);
  return owner === COMMON_OWNER ? all : [owner];
}

/** The dueslag that a message is for, each once however many of their subscriptions take it. */
export function foundFor(
  message: Arrived,
  owner: string,
  registered: Registered,
  lists: ListedValues,
): Found[] {
  const { sender, number, position, subject } = message;
  const attributes = asReceivedBy(message.attributes, owner);
  const subscriptions = registered.index.matching(
    owner,
    attributes,
    lists.listsFor(owner, attributes),
    lists.holdsFor(owner),
  );
  const mailboxes = new Set<string>();
  for (const { mailbox, system } of subscriptions)
    // A subscription fills nobody's dueslag but its own system's.
    if (registered.mailbox(owner, mailbox)?.system === system) mailboxes.add(mailbox);
  return [...mailboxes].map((mailbox) => ({ owner, mailbox, sender, message: number, position, subject }));
}
