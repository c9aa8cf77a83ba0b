import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { event, jsonOf, type Json, OTHER_TOWN, Receiver, TOWN } from '../spec/receiver';
import { runningMessageDistribution } from '../spec/running-message-distribution';

let service: RunningService;
let us: Receiver;
beforeAll(async () => {
  service = await runningMessageDistribution();
  us = new Receiver(service);
});
afterAll(() => service.close());

const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);
const FROM = { fra: '2000-01-01T00:00:00Z' };
const filtering = (filtre: readonly object[]) => ({
  attributter: { egenskaber: [{ virkning: FROM, filtre }] },
});

test('only what all filters take, and once for however many subscriptions', async () => {
  const mailbox = await us.mailbox([
    { exact: { objekttype: 'Sag' } },
    { any: [{ prefix: { opgaveemne: '27.' } }, { suffix: { type: '.slettet.v1' } }] },
  ]);
  await us.subscribe(mailbox, [
    { exact: { objekttype: 'Sag' } },
    { not: { exact: { objekthandling: 'rettet' } } },
  ]);
  const sent = {
    both: event({ objekttype: 'Sag', objekthandling: 'opstaaet', opgaveemne: '27.18.02' }),
    first: event({ objekttype: 'Sag', objekthandling: 'rettet', opgaveemne: '27.18.02' }),
    second: event({ objekttype: 'Sag', objekthandling: 'passiveret', opgaveemne: '28.01.01' }),
    bySuffix: event({
      objekttype: 'Sag',
      objekthandling: 'rettet',
      opgaveemne: '28.01.01',
      type: 'x.slettet.v1',
    }),
    none: event({ objekttype: 'Sag', objekthandling: 'rettet', opgaveemne: '28.01.01' }),
    other: event({ objekttype: 'Dokument', opgaveemne: '27.18.02' }),
  };
  await us.published(...Object.values(sent));
  expect(ids(await us.receive(mailbox, 4))).toEqual(ids([sent.both, sent.first, sent.second, sent.bySuffix]));
  expect(await us.rest(mailbox)).toEqual([]);
});

test('what a subscription is changed to has taken effect when the change is answered', async () => {
  const mailbox = await us.bareMailbox();
  const subscription = await us.subscribe(mailbox, [{ exact: { egen: 'a' } }]);
  const [a, b, c, d] = [
    event({ egen: 'a' }),
    event({ egen: 'b' }),
    event({ egen: 'a' }),
    event({ egen: 'b' }),
  ];
  await us.published(a, b);
  await us.settled(mailbox);
  const headers = { 'if-match': '"1"' };
  const body = filtering([{ exact: { egen: 'b' } }]);
  expect((await us.send('PATCH', `/abonnementer/${subscription}`, { body, headers })).status).toBe(200);
  await us.published(c, d);
  await us.settled(mailbox);
  const deleted = await us.send('DELETE', `/abonnementer/${subscription}`, {
    headers: { 'if-match': '"2"' },
  });
  expect(deleted.status).toBe(204);
  await us.published(event({ egen: 'b' }));
  expect(ids(await us.receive(mailbox, 2))).toEqual(ids([a, d]));
  expect(await us.rest(mailbox)).toEqual([]);
});

test('many changes and messages by turns: each message by what stood when it came', async () => {
  const mailbox = await us.bareMailbox();
  const subscription = await us.subscribe(mailbox, [{ exact: { runde: '0' } }]);
  const wanted: string[] = [];
  for (let round = 1; round <= 15; round++) {
    const [hit, miss] = [event({ runde: `${round - 1}` }), event({ runde: `${round}` })];
    await us.published(hit, miss);
    await us.settled(mailbox);
    wanted.push(hit.id);
    const headers = { 'if-match': `"${round}"` };
    const body = filtering([{ exact: { runde: `${round}` } }]);
    await us.send('PATCH', `/abonnementer/${subscription}`, { body, headers });
  }
  expect(ids(await us.receive(mailbox, wanted.length))).toEqual(wanted);
  expect(await us.rest(mailbox)).toEqual([]);
});

test('what is registered to hold from a time on holds from that time on', async () => {
  const mailbox = await us.bareMailbox();
  const soon = new Date(Date.now() + 1_500).toISOString();
  await us.make('/abonnementer', {
    attributter: {
      egenskaber: [
        {
          virkning: { fra: FROM.fra, til: soon },
          brugervendtNoegle: 'S',
          filtre: [{ exact: { egen: 'nu' } }],
        },
        { virkning: { fra: soon }, brugervendtNoegle: 'S', filtre: [{ exact: { egen: 'siden' } }] },
      ],
    },
    relationer: { dueslag: [{ virkning: FROM, reference: { uuid: mailbox } }] },
  });
  const now = event({ egen: 'nu' });
  await us.published(now, event({ egen: 'siden' }));
  await us.settled(mailbox);
  await new Promise((resolve) => setTimeout(resolve, Date.parse(soon) - Date.now() + 50));
  const then = event({ egen: 'siden' });
  await us.published(event({ egen: 'nu' }), then);
  expect(ids(await us.receive(mailbox, 2))).toEqual(ids([now, then]));
  expect(await us.rest(mailbox)).toEqual([]);
});

describe('lists of values', () => {
  const asking = (attribut: string, uuid: string) => [{ vaerdiliste: { attribut, uuid } }];
  const alter = (list: string, body: Json) => us.send('POST', `/vaerdilister/${list}/vaerdier`, { body });
  const countOf = async (list: string) =>
    jsonOf(await us.send('GET', `/vaerdilister/${list}/vaerdier/antal`));

  test('citizens that are followed, however their number is written; none is ever told', async () => {
    const list = await us.list();
    const mailbox = await us.mailbox(asking('relateretobjekt', list));
    const altered = await alter(list, {
      tilfoej: [
        '2512484916',
        '010107-9995',
        'urn:oio:cpr-nr:0707614285',
        'urn:oio:cvr-nr:11223344',
        '251248-4916',
      ],
    });
    expect(jsonOf(altered)).toEqual({ tilfoejet: 4, fjernet: 0 });
    const about = (...urns: string[]) => event({ relateretobjekt: urns.join(',') });
    const followed = [
      about('urn:oio:cpr-nr:2512484916'),
      about('urn:oio:cpr-nr:0101079996', 'urn:oio:cpr-nr:0101079995'),
      about('urn:oio:cvr-nr:11223344'),
    ];
    await us.published(followed[0]!, about('urn:oio:cpr-nr:0101079996'), followed[1]!, event(), followed[2]!);
    expect(ids(await us.receive(mailbox, 3))).toEqual(ids(followed));
    expect(await us.rest(mailbox)).toEqual([]);
    const page = await us.send('GET', `/vaerdilister/${list}/vaerdier`);
    expect(jsonOf(page)).toEqual({ data: ['urn:oio:cvr-nr:11223344'], naeste: null });
    expect(await countOf(list)).toEqual({ antal: 4, heraf: { personnumre: 3 } });
    const { rows } = await service.database.run(
      { owner: TOWN },
      { name: 'spec-values', text: 'select string_agg(value, chr(10)) as values from list_value' },
    );
    expect(rows[0]!['values']).not.toMatch(/2512484916|0101079995|0707614285/);
  });

  test('what is taken off is not followed from then on, and what is written twice is once', async () => {
    const list = await us.list();
    const mailbox = await us.mailbox(asking('subject', list));
    const [stays, goes] = [randomUUID(), randomUUID()];
    await alter(list, { tilfoej: [stays, goes, stays.toUpperCase()] });
    const sent = [event({ subject: stays }), event({ subject: goes })];
    await us.published(...sent);
    await us.settled(mailbox);
    expect(jsonOf(await alter(list, { fjern: [goes, randomUUID()] }))).toEqual({ tilfoejet: 0, fjernet: 1 });
    const after = event({ subject: stays });
    await us.published(event({ subject: goes }), after);
    expect(ids(await us.receive(mailbox, 3))).toEqual(ids([...sent, after]));
    expect(await us.rest(mailbox)).toEqual([]);
    expect(await countOf(list)).toEqual({ antal: 1, heraf: { personnumre: 0 } });
  });

  test('a list that is deleted holds nothing', async () => {
    const list = await us.list();
    const mailbox = await us.mailbox([{ any: [...asking('subject', list), { exact: { egen: 'altid' } }] }]);
    const subject = randomUUID();
    await alter(list, { tilfoej: [subject] });
    const before = event({ subject });
    await us.published(before);
    await us.settled(mailbox);
    await us.send('DELETE', `/vaerdilister/${list}`, { headers: { 'if-match': '"1"' } });
    const marked = event({ egen: 'altid' });
    await us.published(event({ subject }), marked);
    expect(ids(await us.receive(mailbox, 2))).toEqual(ids([before, marked]));
    expect((await alter(list, { tilfoej: ['x'] })).status).toBe(404);
  });

  test('a hundred thousand values in one call, and pages of them', async () => {
    const list = await us.list();
    const mailbox = await us.mailbox(asking('subject', list));
    const values = Array.from({ length: 100_000 }, () => randomUUID());
    expect(jsonOf(await alter(list, { tilfoej: values }))).toEqual({ tilfoejet: 100_000, fjernet: 0 });
    const hit = event({ subject: values[77_777] });
    await us.published(event(), hit);
    expect(ids(await us.receive(mailbox, 1))).toEqual([hit.id]);
    const sorted = values.toSorted();
    const first = jsonOf<{ data: string[]; naeste: string }>(
      await us.send('GET', `/vaerdilister/${list}/vaerdier?limit=500`),
    );
    expect(first.data).toEqual(sorted.slice(0, 500));
    const second = await us.send('GET', `/vaerdilister/${list}/vaerdier?limit=500&cursor=${first.naeste}`);
    expect(jsonOf<{ data: string[] }>(second).data).toEqual(sorted.slice(500, 1000));
    expect(jsonOf(await alter(list, { fjern: values.slice(0, 50_000) }))).toMatchObject({ fjernet: 50_000 });
    expect((await alter(list, { tilfoej: [...values, 'x'] })).status).toBe(422);
  });

  test('wrong values are told of without being repeated', async () => {
    const list = await us.list();
    const answer = await alter(list, { tilfoej: ['ok', 'Hans 2512484916', '', 7] });
    expect([answer.status, jsonOf<{ fejl: object[] }>(answer).fejl]).toMatchObject([
      422,
      [
        { sti: '/tilfoej/1', kode: 'personnummer' },
        { sti: '/tilfoej/2', kode: 'laengde' },
        { sti: '/tilfoej/3', kode: 'type' },
      ],
    ]);
    expect(answer.text).not.toContain('2512484916');
    expect(await countOf(list)).toEqual({ antal: 0, heraf: { personnumre: 0 } });
  });

  test('another’s list cannot be asked, nor seen', async () => {
    const list = await us.list();
    const other = new Receiver(service, () => service.token({ cvr: OTHER_TOWN }));
    const mailbox = await other.bareMailbox();
    await expect(other.subscribe(mailbox, asking('subject', list))).rejects.toThrow('422');
    for (const [method, path, sent] of [
      ['POST', '', { body: { tilfoej: ['x'] } }],
      ['GET', '', {}],
      ['GET', '/antal', {}],
    ] as const)
      expect((await other.send(method, `/vaerdilister/${list}/vaerdier${path}`, sent)).status).toBe(404);
  });
});

describe('trying filters before they are saved', () => {
  const tried = async (filtre: readonly object[], besked: Json) =>
    us.send('POST', '/abonnementer/proev', { body: { filtre, besked } });

  test('says whether they take it, part by part, and whether the agreement gives it', async () => {
    const list = await us.list();
    await us.send('POST', `/vaerdilister/${list}/vaerdier`, { body: { tilfoej: ['2512484916'] } });
    const filtre = [
      { prefix: { opgaveemne: '27.' } },
      { vaerdiliste: { attribut: 'relateretobjekt', uuid: list } },
    ];
    const hit = jsonOf(await tried(filtre, event({ relateretobjekt: 'urn:oio:cpr-nr:2512484916' })));
    expect(hit).toMatchObject({ opfyldt: true, adgang: true });
    const miss = jsonOf(await tried(filtre, event({ relateretobjekt: 'urn:oio:cpr-nr:0101079995' })));
    expect(miss).toMatchObject({
      opfyldt: false,
      forklaring: { dele: [{ opfyldt: true, sti: '/filtre/0/prefix/opgaveemne' }, { opfyldt: false }] },
    });
    expect(JSON.stringify([hit, miss])).not.toMatch(/2512484916|0101079995/);
    const seen = await service.tokenHolding([
      { kind: 'system', privileges: ['abonnement:skriv'], constraints: {} },
      { kind: 'system', privileges: ['besked:laes'], constraints: { kle: ['28.*'] } },
    ]);
    const body = { filtre: [], besked: event() };
    const narrow = await us.send('POST', '/abonnementer/proev', { body, token: seen });
    expect(jsonOf(narrow)).toMatchObject({ opfyldt: true, adgang: false });
  });

  test('what is wrong is told by place', async () => {
    const filters = await tried([{ exact: { data: 'x' } }], event());
    expect([filters.status, jsonOf<{ fejl: { sti: string }[] }>(filters).fejl[0]!.sti]).toEqual([
      400,
      '/filtre/0/exact/data',
    ]);
    const message = await tried([], { ...event(), ansvarligmyndighed: 'nej' });
    expect([message.status, jsonOf<{ fejl: { sti: string }[] }>(message).fejl[0]!.sti]).toEqual([
      400,
      '/besked/ansvarligmyndighed',
    ]);
  });
});

test('a subscription to what is not there, or is another system’s, cannot be made', async () => {
  await expect(us.subscribe(randomUUID())).rejects.toThrow('/relationer/dueslag/0/reference');
  const other = new Receiver(service, () => service.token({ system: 'demo-begraenset' }));
  await expect(other.subscribe(await us.bareMailbox())).rejects.toThrow('/relationer/dueslag/0/reference');
  const mailbox = await us.bareMailbox();
  await expect(us.subscribe(mailbox, [{ sql: 'x' }])).rejects.toThrow(
    '/attributter/egenskaber/0/filtre/0/sql',
  );
  await expect(us.bareMailbox({ levering: 'push' })).rejects.toThrow('/attributter/egenskaber/0/modtager');
});
