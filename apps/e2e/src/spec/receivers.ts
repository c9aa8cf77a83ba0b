import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { type Client, type Event, Webhook } from '@stoettesystemer/client';
import { Abonnement, Dueslag } from '@stoettesystemer/model';
import { Connection } from 'rabbitmq-client';

const SINCE = { fra: '2026-01-01T00:00:00Z' };

/** What has come to a receiver, by one of the ways out of a dueslag. */
export interface Receiver {
  readonly mailbox: string;
  /** In the order that they came in; each once. */
  readonly received: readonly Event[];
  end(): Promise<void>;
}

/** Keeps what comes, and what comes again it knows. */
class Received {
  readonly events: Event[] = [];

  take(event: Event): void {
    if (!this.events.some(({ source, id }) => source === event.source && id === event.id))
      this.events.push(event);
  }
}

/** A dueslag with a subscription to what happens to classes. */
async function mailboxOf(
  client: Client,
  levering: 'hent' | 'push' | 'amqp',
  more: { modtager?: string } = {},
): Promise<string> {
  const named = { virkning: SINCE, brugervendtNoegle: `historie-${levering}` };
  const { uuid } = await client.objects('beskedfordeler', Dueslag).create({
    attributter: { egenskaber: [{ ...named, levering, ...more }] },
  });
  await client.objects('beskedfordeler', Abonnement).create({
    attributter: { egenskaber: [{ ...named, filtre: [{ exact: { objekttype: 'Klasse' } }] }] },
    relationer: { dueslag: [{ virkning: SINCE, reference: { uuid } }] },
  });
  return uuid;
}

/** Reads its dueslag by leases. */
export async function pulling(client: Client): Promise<Receiver> {
  const mailbox = await mailboxOf(client, 'hent');
  const received = new Received();
  const stopping = new AbortController();
  const consuming = client
    .mailbox(mailbox)
    .consume(async (event) => received.take(event), { signal: stopping.signal });
  return {
    mailbox,
    received: received.events,
    end: () => {
      stopping.abort();
      return consuming;
    },
  };
}

/** Is called, and believes only what is signed with its dueslag's key. */
export async function called(client: Client): Promise<Receiver> {
  const received = new Received();
  let webhook: Webhook | null = null;
  const server: Server = createServer((request, response) => {
    void buffer(request).then((body) => {
      if (request.method === 'OPTIONS')
        return response.writeHead(200, { 'webhook-allowed-origin': '*' }).end();
      if (!webhook) return response.writeHead(503).end();
      received.take(webhook.read(request.headers, body));
      return response.writeHead(204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const modtager = `http://127.0.0.1:${(server.address() as AddressInfo).port}/beskeder`;
  const mailbox = await mailboxOf(client, 'push', { modtager });
  const path = `/v1/dueslag/${mailbox}/noegler`;
  const keys = await client.send<{ data: string[] }>({ service: 'beskedfordeler', method: 'GET', path });
  webhook = new Webhook(keys.body.data);
  return {
    mailbox,
    received: received.events,
    end: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Reads the queue that is its dueslag's. */
export async function queued(client: Client, broker: string): Promise<Receiver> {
  const mailbox = await mailboxOf(client, 'amqp');
  const received = new Received();
  const connection = new Connection({ url: broker, retryLow: 100, retryHigh: 500 });
  connection.on('error', () => undefined);
  const consumer = connection.createConsumer(
    { queue: mailbox, queueOptions: { passive: true } },
    ({ body }: { body: unknown }) => received.take(eventOf(body)),
  );
  // Until the queue is there it is told that it is not.
  consumer.on('error', () => undefined);
  return {
    mailbox,
    received: received.events,
    end: async () => {
      await consumer.close();
      await connection.close();
    },
  };
}

const eventOf = (body: unknown): Event =>
  Buffer.isBuffer(body) || typeof body === 'string'
    ? (JSON.parse(body.toString()) as Event)
    : (body as Event);

/** Until this has come to it. */
export async function has({ received }: Receiver, isIt: (event: Event) => boolean): Promise<void> {
  while (!received.some(isIt)) await setTimeout(20);
}
