import { OWNER, uuidOf } from './made-up-thing';

/** Events are about so many topics and so many subjects, in turn. */
export interface EventKind {
  readonly topics: number;
  readonly subjects: number;
}

type Filters = readonly Readonly<Record<string, unknown>>[];

/** Where the UUIDs of each begin; subjects are from 0 on. */
const FROM = {
  mailbox: 3_100_000_000,
  subscription: 3_200_000_000,
  list: 3_300_000_000,
  beskedtype: 3_400_000_000,
} as const;
const SINCE = { fra: '2020-01-01T00:00:00Z', til: null };
const two = (n: number): string => String(n).padStart(2, '0');

export const mailboxUuid = (n: number): string => uuidOf(FROM.mailbox + n);
export const listUuid = (n: number): string => uuidOf(FROM.list + n);
const beskedtypeOf = (topic: number): string => uuidOf(FROM.beskedtype + topic);
const typeOf = (topic: number): string => `dk.proeve.emne-${topic}.v1`;
/** Of the first hundred topics each has a group of its own, and so on. */
const groupOf = (topic: number): string => `${two(Math.floor(topic / 100))}.${two(topic % 100)}`;

/** An event that no other has the number of. It says when it was made. */
export const eventOf = (n: number, { topics, subjects }: EventKind) => ({
  specversion: '1.0',
  id: `haendelse-${n}`,
  source: '/proeve/fagsystem',
  type: typeOf(n % topics),
  subject: uuidOf(n % subjects),
  time: new Date().toISOString(),
  beskedtype: beskedtypeOf(n % topics),
  objekttype: 'Sag',
  objekthandling: 'Rettet',
  ansvarligmyndighed: OWNER,
  opgaveemne: `${groupOf(n % topics)}.01`,
  foelsomhed: 'IKKE_FORTROLIGE_DATA',
});

/** Ways to ask for the events of a topic and no others. */
const WAYS: readonly ((topic: number) => Filters)[] = [
  (topic) => [{ exact: { beskedtype: beskedtypeOf(topic) } }],
  (topic) => [{ prefix: { opgaveemne: `${groupOf(topic)}.` } }],
  (topic) => [{ exact: { type: typeOf(topic) } }, { not: { exact: { objekthandling: 'Slettet' } } }],
  (topic) => [{ any: [{ exact: { type: typeOf(topic) } }, { exact: { opgaveemne: groupOf(topic) } }] }],
  (topic) => [
    { all: [{ exact: { beskedtype: beskedtypeOf(topic) } }, { suffix: { source: '/fagsystem' } }] },
  ],
];
/** So many subscriptions to each topic are asked for in ways that differ. */
export const WAYS_TO_ASK = WAYS.length;

export const topicFilters = (topic: number, way: number): Filters => WAYS[way % WAYS.length]!(topic);

const line = (objekttype: string, uuid: string, properties: object, relationer: object = {}): string => {
  const attributter = { egenskaber: [{ virkning: SINCE, brugervendtNoegle: uuid, ...properties }] };
  return `${JSON.stringify({ objekttype, uuid, attributter, relationer })}\n`;
};

/** One that messages are fetched from; with a receiver, one that they are sent from. */
export const mailboxLine = (n: number, receiver?: string): string =>
  line(
    'Dueslag',
    mailboxUuid(n),
    receiver === undefined ? { levering: 'hent' } : { levering: 'push', modtager: receiver },
  );

export const subscriptionLine = (n: number, mailbox: number, filtre: Filters): string =>
  line(
    'Abonnement',
    uuidOf(FROM.subscription + n),
    { filtre },
    { dueslag: [{ virkning: SINCE, reference: { uuid: mailboxUuid(mailbox) } }] },
  );

export const listLine = (n: number): string => line('Vaerdiliste', listUuid(n), {});
