import { randomUUID } from 'node:crypto';
import type { Answer, RunningService, Sent } from '@stoettesystemer/testing';

export const TOWN = '12345678';
export const OTHER_TOWN = '87654321';
export const BESKEDTYPE = '7654895c-a3f3-4c77-8afd-4c77330f963c';
const FROM = { fra: '2000-01-01T00:00:00Z' };
const PREFIX = '/beskedfordeler/v1';

export type Json = Record<string, unknown>;
export interface Claimed {
  readonly krav: string | null;
  readonly udloeber: string | null;
  readonly beskeder: readonly (Json & { id: string; subject?: string })[];
}

export const jsonOf = <T = Json>({ text }: Answer): T => JSON.parse(text) as T;

/** An event of Eksempelkøbing's that any subscription without filters takes. */
export const event = (more: Json = {}): Json & { id: string } => ({
  specversion: '1.0',
  id: randomUUID(),
  source: '/proeve/12345678',
  type: 'dk.proeve.haendelse.v1',
  subject: randomUUID(),
  beskedtype: BESKEDTYPE,
  ansvarligmyndighed: TOWN,
  foelsomhed: 'IKKE_FORTROLIGE_DATA',
  opgaveemne: '27.18.02',
  ...more,
});

/** An it-system that has dueslag and reads them, as itself, by HTTP. */
export class Receiver {
  constructor(
    readonly service: RunningService,
    private readonly token?: () => Promise<string>,
  ) {}

  async send(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const token = this.token && sent.token === undefined ? { token: await this.token() } : {};
    return this.service.send(method, `${PREFIX}${path}`, { ...sent, ...token });
  }

  async make(path: string, body: Json): Promise<string> {
    const answer = await this.send('POST', path, { body });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return jsonOf<{ uuid: string }>(answer).uuid;
  }

  /** A dueslag with one subscription. */
  async mailbox(filtre: readonly object[] = [], properties: Json = {}): Promise<string> {
    const uuid = await this.bareMailbox(properties);
    await this.subscribe(uuid, filtre);
    return uuid;
  }

  bareMailbox(properties: Json = {}): Promise<string> {
    const egenskaber = [
      { virkning: FROM, brugervendtNoegle: `D-${randomUUID()}`, levering: 'hent', ...properties },
    ];
    return this.make('/dueslag', { attributter: { egenskaber } });
  }

  subscribe(mailbox: string, filtre: readonly object[] = []): Promise<string> {
    return this.make('/abonnementer', {
      attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: `A-${randomUUID()}`, filtre }] },
      relationer: { dueslag: [{ virkning: FROM, reference: { uuid: mailbox } }] },
    });
  }

  list(): Promise<string> {
    return this.make('/vaerdilister', {
      attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: `V-${randomUUID()}` }] },
    });
  }

  publish(...events: readonly Json[]): Promise<Answer> {
    return this.send('POST', '/beskeder', {
      body: events.length === 1 ? events[0] : events,
      headers: {
        'content-type': `application/cloudevents${events.length === 1 ? '' : '-batch'}+json; charset=utf-8`,
      },
    });
  }

  async published(...events: readonly Json[]): Promise<void> {
    const answer = await this.publish(...events);
    if (answer.status !== 202) throw new Error(`beskeder: ${answer.status} ${answer.text}`);
  }

  async claim(mailbox: string, wish: Json = {}): Promise<Claimed> {
    const answer = await this.send('POST', `/dueslag/${mailbox}/krav`, { body: wish });
    if (answer.status !== 200) throw new Error(`krav: ${answer.status} ${answer.text}`);
    return jsonOf<Claimed & Json>(answer);
  }

  acknowledge(mailbox: string, body: Json): Promise<Answer> {
    return this.send('POST', `/dueslag/${mailbox}/kvitteringer`, { body });
  }

  /** Claims and acknowledges until so many have come. */
  async receive(mailbox: string, count: number): Promise<Claimed['beskeder']> {
    const found: Claimed['beskeder'][number][] = [];
    while (found.length < count) {
      const { krav, beskeder } = await this.claim(mailbox, { vent: 10 });
      if (krav === null) return found;
      found.push(...beskeder);
      await this.acknowledge(mailbox, { krav, modtaget: beskeder.map(({ id }) => id) });
    }
    return found;
  }

  /** Asks after more when all that was sent has been matched: that there is none must not be for want of time. */
  async rest(mailbox: string): Promise<Claimed['beskeder']> {
    await this.settled(mailbox);
    return (await this.claim(mailbox)).beskeder;
  }

  async settled(mailbox: string): Promise<void> {
    const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
    while ((await this.state(mailbox))['efterslaeb'] !== 0) await pause();
    const { database } = this.service;
    for (;;) {
      const { rows } = await database.run(
        { owner: null, role: 'stoette_feed' },
        { name: 'spec-outbox', text: 'select count(*) as count from message_outbox' },
      );
      if (rows[0]!['count'] === 0 && (await this.state(mailbox))['efterslaeb'] === 0) return;
      await pause();
    }
  }

  async state(mailbox: string): Promise<Json> {
    const answer = await this.send('GET', `/dueslag/${mailbox}/tilstand`);
    if (answer.status !== 200) throw new Error(`tilstand: ${answer.status} ${answer.text}`);
    return jsonOf(answer);
  }
}
