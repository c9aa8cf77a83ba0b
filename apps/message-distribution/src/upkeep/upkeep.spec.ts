import type { RunningService } from '@stoettesystemer/testing';
import { Registered } from '../matching/registered';
import { event, jsonOf, type Json, Receiver, TOWN } from '../spec/receiver';
import { runningMessageDistribution } from '../spec/running-message-distribution';
import { Alarms } from './alarms';
import { MessageRetention } from './message-retention';

let service: RunningService;
let us: Receiver;
let retention: MessageRetention;
beforeAll(async () => {
  service = await runningMessageDistribution();
  us = new Receiver(service);
  retention = new MessageRetention(service.database);
});
afterAll(() => service.close());

const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);
const countOf = async (table: string, where = 'true') => {
  const { rows } = await service.database.run(
    { owner: null, role: 'stoette_opslag' },
    { name: `spec-count-${table}-${where}`, text: `select count(*) as count from ${table} where ${where}` },
  );
  return Number(rows[0]!['count']);
};
const now = async (): Promise<Date> => {
  const { rows } = await service.database.run(
    { owner: null },
    { name: 'spec-now', text: `select instant(clock_timestamp()) as now` },
  );
  return new Date(rows[0]!['now'] as string);
};

test('what is older than it may be goes, with all that was made of it; the rest stays where it is', async () => {
  const mailbox = await us.mailbox();
  const old = [event({ data: 'indhold' }), event(), event()];
  await us.published(...old);
  await us.receive(mailbox, 2);
  await us.settled(mailbox);
  // What is replayed of an old message is old too.
  await us.send('POST', `/dueslag/${mailbox}/genafspil`, { body: { fra: 1, til: 1 } });
  while ((await us.state(mailbox))['sidste'] !== 4);
  // Times are told to the millisecond; a moment that is after the one and before the other.
  const moment = new Date((await now()).getTime() + 5);
  while ((await now()) <= moment);
  const young = [event(), event()];
  await us.published(...young);
  await us.settled(mailbox);
  expect(await retention.removeOlder(moment)).toEqual({ messages: 3, undelivered: 1 });
  expect(await retention.removeOlder(moment)).toEqual({ messages: 0, undelivered: 0 });
  expect(await Promise.all(['message', 'message_feed', 'delivery'].map((table) => countOf(table)))).toEqual([
    2, 2, 2,
  ]);
  expect(await us.state(mailbox)).toMatchObject({ foerste: 5, sidste: 6, ventende: 2 });
  const gone = await us.send('GET', `/dueslag/${mailbox}/beskeder?efter=1`);
  expect([gone.status, jsonOf<{ fejl: object[] }>(gone).fejl]).toEqual([
    410,
    [{ sti: '?efter', kode: 'foerste', besked: '5' }],
  ]);
  const read = await us.send('GET', `/dueslag/${mailbox}/beskeder?efter=4`);
  expect(ids(jsonOf<{ id: string }[]>(read))).toEqual(ids(young));
  expect(ids(await us.receive(mailbox, 2))).toEqual(ids(young));
});

test('what has not been matched is not taken away, however old', async () => {
  const mailbox = await us.mailbox();
  await us.published(event());
  await us.settled(mailbox);
  const matched = { owner: null, role: 'stoette_feed' } as const;
  await service.database.transaction(matched, async (tx) => {
    await tx.run({ name: 'spec-hold', text: 'select position from matching for update' });
    await us.published(event());
    for (;;) {
      const { rows } = await tx.run({
        name: 'spec-lag',
        text: 'select s.last_pos - m.position as lag from message_state s, matching m',
      });
      if (rows[0]!['lag'] === 1) break;
    }
    await retention.removeOlder(new Date(Date.now() + 60_000));
  });
  expect((await us.receive(mailbox, 1)).length).toBe(1);
});

test('a dueslag or a list that is deleted is emptied', async () => {
  const [mailbox, list] = [await us.mailbox(), await us.list()];
  await us.send('POST', `/vaerdilister/${list}/vaerdier`, { body: { tilfoej: ['2512484916', 'x'] } });
  await us.published(event());
  await us.settled(mailbox);
  await retention.removeDeleted();
  expect(await countOf('list_value')).toBe(2);
  expect(await countOf('delivery', `mailbox = '${mailbox}'`)).toBe(1);
  const headers = { 'if-match': '"1"' };
  await us.send('DELETE', `/dueslag/${mailbox}`, { headers });
  await us.send('DELETE', `/vaerdilister/${list}`, { headers });
  await retention.removeDeleted();
  expect(await countOf('list_value')).toBe(0);
  expect(await countOf('delivery', `mailbox = '${mailbox}'`)).toBe(0);
});

test('an alarm is raised when the oldest has waited for longer than the dueslag allows, and ends when it has gone', async () => {
  const alarms = new Alarms(service.database, new Registered(service.database));
  const [watched, other] = [await us.mailbox([], { alarmMinutter: 10 }), await us.mailbox()];
  await us.published(event());
  await us.settled(watched);
  expect(await alarms.look()).toEqual([]);
  // As if time had passed.
  const { count } = await service.database.run(
    { owner: null, role: 'stoette_feed' },
    {
      name: 'spec-age',
      text: `with gone as (delete from delivery where mailbox = any ($1::uuid[]) returning *)
        insert into delivery (owner, mailbox, pos, sender, message, message_pos, subject, created_at)
        select owner, mailbox, pos, sender, message, message_pos, subject, created_at - interval '11 minutes' from gone`,
      values: [[watched, other]],
    },
  );
  expect(count).toBe(2);
  expect(await alarms.look()).toEqual([{ owner: TOWN, uuid: watched }]);
  expect(await alarms.look()).toEqual([]);
  const list = async (token?: string) =>
    jsonOf<{ data: Json[] }>(await us.send('GET', '/alarmer', token ? { token } : {})).data;
  expect(await list()).toEqual([{ dueslag: watched, siden: expect.any(String) as unknown }]);
  expect(await list(await service.token({ system: 'demo-begraenset' }))).toEqual([]);
  expect((await us.state(watched))['alarmSiden']).not.toBeNull();
  expect(await alarms.backlog()).toMatchObject({ alarms: 1, dead: 0, lag: 0 });
  await us.receive(watched, 1);
  await alarms.look();
  expect(await list()).toEqual([]);
});
