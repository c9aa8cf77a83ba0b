import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { event, jsonOf, OTHER_TOWN, Receiver, TOWN } from '../spec/receiver';
import { runningMessageDistribution } from '../spec/running-message-distribution';

let service: RunningService;
let us: Receiver;
beforeAll(async () => {
  service = await runningMessageDistribution();
  us = new Receiver(service);
});
afterAll(() => service.close());

interface Results {
  readonly modtaget: number;
  readonly nye: number;
  readonly afvist: number;
  readonly data: readonly {
    id: string;
    status: number;
    ny?: boolean;
    tilladtmodtager?: string[];
    fejl?: { kode: string }[];
  }[];
}

test('what was sent is what is delivered, content and all', async () => {
  const mailbox = await us.mailbox();
  const sent = [
    event({
      data: { navn: 'Ærø', tal: [1, null, { a: '' }] },
      datacontenttype: 'application/json',
      egen: 'ja',
    }),
    event({ data: '<a>æ</a>', datacontenttype: 'application/xml' }),
    event({ data_base64: Buffer.from([0, 255, 1]).toString('base64'), datacontenttype: 'image/png' }),
    event({ data: null }),
    event(),
  ];
  await us.published(...sent);
  expect(await us.receive(mailbox, 5)).toEqual(sent);
});

test('the same source and id again is 202 and nothing new, one by one and within a batch', async () => {
  const mailbox = await us.mailbox();
  const [one, two] = [event(), event()];
  expect(jsonOf<Results>(await us.publish(one))).toMatchObject({ modtaget: 1, nye: 1, data: [{ ny: true }] });
  const again = await us.publish(one);
  expect([again.status, jsonOf<Results>(again)]).toMatchObject([
    202,
    { modtaget: 1, nye: 0, data: [{ ny: false }] },
  ]);
  const batch = jsonOf<Results>(await us.publish(two, one, two));
  expect([batch.nye, batch.data.map(({ ny }) => ny)]).toEqual([1, [true, false, false]]);
  // Elsewhere it is another message.
  await us.published({ ...one, source: '/andet/12345678' });
  expect(await us.receive(mailbox, 3)).toHaveLength(3);
  expect(await us.rest(mailbox)).toEqual([]);
});

test('a message sent many times at once is one message', async () => {
  const mailbox = await us.mailbox();
  const one = event();
  const answers = await Promise.all(Array.from({ length: 20 }, () => us.publish(event(), one, event())));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  expect(answers.filter((each) => jsonOf<Results>(each).data[1]!.ny)).toHaveLength(1);
  const received = await us.receive(mailbox, 41);
  expect(received.filter(({ id }) => id === one.id)).toHaveLength(1);
  expect(await us.rest(mailbox)).toEqual([]);
});

test('another system cannot stand in the way of one that sends: its own is refused, not passed over', async () => {
  const mine = event();
  const theirs = new Receiver(service, () => service.token({ system: 'demo-begraenset' }));
  await theirs.published({ ...mine, opgaveemne: '27.18.02' });
  const answer = await us.publish(mine);
  expect([answer.status, jsonOf(answer)['kode']]).toEqual([409, 'optaget']);
});

test('another municipality’s message is not ours to send', async () => {
  const answer = await us.publish(event({ ansvarligmyndighed: OTHER_TOWN }));
  expect([answer.status, jsonOf(answer)['kode']]).toEqual([403, 'ansvarligmyndighed']);
});

describe('by the agreement', () => {
  const [A, B] = [randomUUID(), randomUUID()];
  const sending = (...groups: Record<string, readonly string[] | '*'>[]) =>
    new Receiver(service, () =>
      service.tokenHolding(
        groups.map((constraints) => ({ kind: 'system', privileges: ['besked:skriv'], constraints })),
      ),
    );

  test('a beskedtype that it does not give is refused; of several, only those', async () => {
    const sender = sending({ beskedtype: [A], modtagermyndighed: '*' });
    const refused = await sender.publish(event({ beskedtype: B }));
    expect([refused.status, jsonOf(refused)['kode']]).toEqual([403, 'dataafgraensning']);
    const some = await sender.publish(
      event({ beskedtype: A }),
      event({ beskedtype: B }),
      event({ beskedtype: A }),
    );
    expect(some.status).toBe(207);
    expect(jsonOf<Results>(some)).toMatchObject({ modtaget: 2, nye: 2, afvist: 1 });
    expect(jsonOf<Results>(some).data.map(({ status }) => status)).toEqual([202, 403, 202]);
  });

  test('receivers are cut down to those that it gives, for that beskedtype; to none is refused', async () => {
    const THIRD = '11223344';
    const sender = sending(
      { beskedtype: [A], modtagermyndighed: [TOWN, OTHER_TOWN] },
      { beskedtype: [B], modtagermyndighed: [THIRD] },
    );
    const to = async (beskedtype: string, ...receivers: string[]) => {
      const answer = await sender.publish(event({ beskedtype, tilladtmodtager: receivers.join(',') }));
      return answer.status === 202 ? jsonOf<Results>(answer).data[0]!.tilladtmodtager : answer.status;
    };
    expect(await to(A, OTHER_TOWN, THIRD, TOWN)).toEqual([OTHER_TOWN, TOWN]);
    expect(await to(B, OTHER_TOWN, THIRD, TOWN)).toEqual([THIRD]);
    expect(await to(B, OTHER_TOWN)).toBe(403);
    // Its own municipality is named like any other.
    expect((await sender.publish(event({ beskedtype: B }))).status).toBe(403);
    expect((await sender.publish(event({ beskedtype: A }))).status).toBe(202);
  });

  test('without the right to send, nothing is read of what is sent', async () => {
    const reader = new Receiver(service, () => service.tokenWith(['besked:laes', 'dueslag:skriv']));
    const answer = await reader.publish(event());
    expect([answer.status, jsonOf(answer)['kode']]).toEqual([403, 'ingen_rettighed']);
  });
});

test('one that cannot be understood is told where, and none of them is taken in', async () => {
  const mailbox = await us.mailbox();
  const { beskedtype: _, ...without } = event();
  const answer = await us.publish(event(), without);
  expect([answer.status, jsonOf<{ fejl: { sti: string }[] }>(answer).fejl[0]!.sti]).toEqual([
    400,
    '/1/beskedtype',
  ]);
  expect(await us.rest(mailbox)).toEqual([]);
});

test('content is sealed where it is kept, and a citizen is named by a reference', async () => {
  const mailbox = await us.mailbox();
  await us.published(event({ relateretobjekt: 'urn:oio:cpr-nr:2512484916', data: { hemmeligt: 'ja-tak' } }));
  const { rows } = await service.database.run(
    { owner: TOWN },
    { name: 'spec-message', text: `select message::text as row from message order by number desc limit 1` },
  );
  expect(rows[0]!['row']).not.toMatch(/2512484916|hemmeligt|ja-tak/);
  expect(rows[0]!['row']).not.toContain(Buffer.from('ja-tak').toString('hex'));
  const [received] = await us.receive(mailbox, 1);
  expect(received).toMatchObject({ data: { hemmeligt: 'ja-tak' } });
  expect(received!['relateretobjekt']).toMatch(/^cpr-hmac:/);
});

test('each sending is in the security log, and each that was refused', async () => {
  const transaction = randomUUID();
  const headers = { 'x-transaktionsid': transaction };
  await us.send('POST', '/beskeder', { body: [event(), event()], headers });
  await us.send('POST', '/beskeder', { body: event({ ansvarligmyndighed: OTHER_TOWN }), headers });
  const { rows } = await service.database.run(
    { owner: TOWN },
    {
      name: 'spec-sent',
      text: 'select operation, type, count, allowed from audit where transaction = $1 order by id',
      values: [transaction],
    },
  );
  expect(rows).toEqual([
    { operation: 'send', type: 'Besked', count: 2, allowed: true },
    { operation: 'send', type: 'Besked', count: 1, allowed: false },
  ]);
});
