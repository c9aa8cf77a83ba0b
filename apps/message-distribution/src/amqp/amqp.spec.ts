import { setTimeout as pause } from 'node:timers/promises';
import { hasRabbitMq, rabbitMq, type RabbitMq } from '@stoettesystemer/testing';
import { Connection, type Consumer } from 'rabbitmq-client';
import { readMessage } from '../envelope/xml/read-message';
import { event, type Json, Receiver } from '../spec/receiver';
import { type RunningCourier, runningCourier } from '../spec/running-courier';

interface Taken {
  readonly id: string;
  readonly contentType: string | undefined;
  readonly body: string;
}

(hasRabbitMq() ? describe : describe.skip)('a dueslag that is a queue', () => {
  let rabbit: RabbitMq;
  let running: RunningCourier;
  let us: Receiver;
  let client: Connection;
  beforeAll(async () => {
    rabbit = await rabbitMq();
    await rabbit.start();
    running = await runningCourier({ BROKER: rabbit.url });
    us = new Receiver(running.service);
    client = new Connection({ url: rabbit.url, retryLow: 50, retryHigh: 200 });
    client.on('error', () => undefined);
  });
  afterAll(async () => {
    await running.service.close();
    client.unsafeDestroy();
    await rabbit.end();
  });

  const queued = (properties: Json = {}) => us.mailbox([], { levering: 'amqp', ...properties });
  const idsOf = (those: readonly { id: string }[]) => those.map(({ id }) => id);
  /** What comes again is known by its id. */
  const newIn = (those: readonly { id: string }[]) => [...new Set(idsOf(those))];
  const until = async (isSo: () => Promise<boolean> | boolean) => {
    while (!(await isSo())) await pause(20);
  };
  /** Nothing waits: all is at the broker. */
  const handed = async (mailbox: string) => {
    await us.settled(mailbox);
    await until(async () => (await us.state(mailbox))['ventende'] === 0);
  };
  const emptied = async (mailbox: string): Promise<number> => {
    const { rows } = await running.service.database.run(
      { owner: '12345678' },
      {
        name: 'spec-emptied',
        text: 'select emptied from queue where owner = 12345678 and mailbox = $1::uuid',
        values: [mailbox],
      },
    );
    return Number(rows[0]?.['emptied'] ?? -1);
  };
  /** As a receiver's program: takes what comes, and acknowledges it. */
  const consume = (queue: string) => {
    const taken: Taken[] = [];
    const consumer: Consumer = client.createConsumer(
      { queue, queueOptions: { passive: true }, qos: { prefetchCount: 20 } },
      ({ messageId, contentType, body }: { messageId?: string; contentType?: string; body: unknown }) => {
        const text = Buffer.isBuffer(body)
          ? body.toString()
          : typeof body === 'string'
            ? body
            : JSON.stringify(body);
        taken.push({ id: messageId ?? '', contentType, body: text });
      },
    );
    // Until the queue is there it is told that it is not.
    consumer.on('error', () => undefined);
    return { taken, end: () => consumer.close() };
  };

  it('gets its messages in the order of each subject, as events', async () => {
    const mailbox = await queued();
    const sent = Array.from({ length: 30 }, (_, at) => event({ subject: `s${at % 4}` }));
    await us.published(...sent);
    await handed(mailbox);
    const { taken, end } = consume(mailbox);
    await until(() => taken.length === 30);
    await end();
    const subjectOf = new Map(sent.map(({ id, ...rest }) => [id, rest['subject']]));
    for (let subject = 0; subject < 4; subject++)
      expect(idsOf(taken).filter((id) => subjectOf.get(id) === `s${subject}`)).toEqual(
        idsOf(sent.filter((each) => each['subject'] === `s${subject}`)),
      );
    expect(JSON.parse(taken[0]!.body)).toMatchObject({ specversion: '1.0', id: taken[0]!.id });
    expect(taken[0]!.contentType).toBe('application/cloudevents+json; charset=utf-8');
  });

  it('gets them as KOMBIT’s XML where its kuvert is that', async () => {
    const mailbox = await queued({ kuvert: 'xml' });
    const sent = event();
    await us.published(sent);
    await handed(mailbox);
    const { taken, end } = consume(mailbox);
    await until(() => taken.length === 1);
    await end();
    expect(taken[0]!.contentType).toBe('application/xml');
    const rules = { personReference: () => 'cpr-hmac:x', sender: 'demo-fagsystem' };
    expect(readMessage(taken[0]!.body, rules).event.id).toBe(sent.id);
  });

  it('loses nothing with a broker that loses everything, and gets no more again than what it may not have had', async () => {
    const mailbox = await queued();
    const had = Array.from({ length: 5 }, () => event());
    await us.published(...had);
    await handed(mailbox);
    const first = consume(mailbox);
    await until(() => first.taken.length === 5);
    await first.end();
    // A round of the queues has seen that nobody has anything, and that nothing is left.
    await until(async () => (await emptied(mailbox)) === 5);
    const sent = Array.from({ length: 20 }, (_, at) => event({ subject: `s${at % 3}` }));
    await us.published(...sent);
    await handed(mailbox);
    await rabbit.kill();
    const more = event({ subject: 's0' });
    await us.published(more);
    rabbit.wipe();
    await rabbit.start();
    const second = consume(mailbox);
    await until(() => newIn(second.taken).length === 21);
    await second.end();
    expect(new Set(idsOf(second.taken))).toEqual(new Set([...idsOf(sent), more.id]));
    const wanted = [...sent.filter((each) => each['subject'] === 's0'), more].map(({ id }) => id);
    expect(newIn(second.taken).filter((id) => wanted.includes(id))).toEqual(wanted);
  });

  it('loses nothing when the broker is killed, and waits while it is away', async () => {
    const mailbox = await queued();
    const before = Array.from({ length: 10 }, () => event({ subject: 'x' }));
    await us.published(...before);
    await handed(mailbox);
    await rabbit.kill();
    const meanwhile = Array.from({ length: 10 }, () => event({ subject: 'x' }));
    await us.published(...meanwhile);
    await us.settled(mailbox);
    expect(await us.state(mailbox)).toMatchObject({ ventende: 10, fejlede: 0 });
    await rabbit.start();
    const { taken, end } = consume(mailbox);
    await until(() => newIn(taken).length === 20);
    await end();
    expect(newIn(taken)).toEqual(idsOf([...before, ...meanwhile]));
  });

  it('has a queue again when somebody has removed it', async () => {
    const mailbox = await queued();
    const sent = [event({ subject: 'a' }), event({ subject: 'a' })];
    await us.published(sent[0]!);
    await handed(mailbox);
    await client.queueDelete({ queue: mailbox });
    await us.published(sent[1]!);
    await handed(mailbox);
    const { taken, end } = consume(mailbox);
    await until(() => newIn(taken).length === 2);
    await end();
    expect(newIn(taken)).toEqual(idsOf(sent));
  });

  it('takes its messages with it when it is fetched from instead, and the queue is gone', async () => {
    const mailbox = await queued();
    const sent = Array.from({ length: 3 }, () => event());
    await us.published(...sent);
    await handed(mailbox);
    const egenskaber = [{ virkning: { fra: '2000-01-01T00:00:00Z' }, levering: 'hent' }];
    const body = { attributter: { egenskaber } };
    const answer = await us.send('PATCH', `/dueslag/${mailbox}`, { body, headers: { 'if-match': '"1"' } });
    expect(answer.status).toBe(200);
    expect(idsOf(await us.receive(mailbox, 3)).sort()).toEqual(idsOf(sent).sort());
    await until(async () => (await emptied(mailbox)) === -1);
    await expect(client.queueDeclare({ queue: mailbox, passive: true })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
