import { randomUUID } from 'node:crypto';
import type { PrivilegeGroup } from '@stoettesystemer/access';
import type { RunningService } from '@stoettesystemer/testing';
import { BESKEDTYPE, event, jsonOf, type Json, OTHER_TOWN, Receiver, TOWN } from '../spec/receiver';
import { runningMessageDistribution } from '../spec/running-message-distribution';

const OTHER_TYPE = '11111111-2222-4333-8444-555555555555';

let service: RunningService;
let us: Receiver;
beforeAll(async () => {
  service = await runningMessageDistribution();
  us = new Receiver(service);
});
afterAll(() => service.close());

type Limits = PrivilegeGroup['constraints'];
const group = (constraints: Limits): PrivilegeGroup => ({
  kind: 'system',
  privileges: ['besked:laes'],
  constraints,
});
/** The same system, with an agreement that says so. */
const within = (...limits: readonly Limits[]) =>
  new Receiver(service, () => service.tokenHolding(limits.map(group)));

const EVERYTHING = { beskedtype: '*', foelsomhed: '*', kle: '*', afsendermyndighed: '*' } as const;
const idsOf = (events: readonly { id: string }[]) => events.map(({ id }) => id);

/** Of the events, by name, those that are delivered within the limits, by a lease and by reading alike. */
async function delivered(
  like: Readonly<Record<string, Json>>,
  ...limits: readonly Limits[]
): Promise<string[]> {
  const mailbox = await us.mailbox();
  const events = Object.fromEntries(
    Object.entries(like).map(([name, each]) => [name, { ...each, id: randomUUID() }]),
  );
  await us.published(...Object.values(events));
  await us.settled(mailbox);
  const them = within(...limits);
  const read = await them.send('GET', `/dueslag/${mailbox}/beskeder?limit=500`);
  const { beskeder } = await them.claim(mailbox);
  expect(idsOf(jsonOf<{ id: string }[]>(read))).toEqual(idsOf(beskeder));
  const names = new Map<string, string>(Object.entries(events).map(([name, { id }]) => [id, name]));
  return beskeder.map(({ id }) => names.get(id)!);
}

test('each restriction alone', async () => {
  const { foelsomhed: _, ...unsaid } = event();
  const { opgaveemne: __, ...aboutNothing } = event();
  const events = {
    plain: event(),
    otherType: event({ beskedtype: OTHER_TYPE }),
    secret: event({ foelsomhed: 'VIP_SAGER' }),
    confidential: event({ foelsomhed: 'FORTROLIGE_PERSONOPLYSNINGER' }),
    unsaid,
    elsewhere: event({ opgaveemne: '28.01.01' }),
    short: event({ opgaveemne: '27' }),
    aboutNothing,
  };
  const allBut = (...names: string[]) => Object.keys(events).filter((name) => !names.includes(name));
  expect(await delivered(events, EVERYTHING)).toEqual(allBut());
  expect(await delivered(events, { ...EVERYTHING, beskedtype: [BESKEDTYPE] })).toEqual(allBut('otherType'));
  // What is not said counts as the most sensitive.
  expect(await delivered(events, { ...EVERYTHING, foelsomhed: 'FORTROLIGE_PERSONOPLYSNINGER' })).toEqual(
    allBut('secret', 'unsaid'),
  );
  expect(await delivered(events, { ...EVERYTHING, kle: ['27.*'] })).toEqual(
    allBut('elsewhere', 'short', 'aboutNothing'),
  );
  expect(await delivered(events, { ...EVERYTHING, afsendermyndighed: [TOWN] })).toEqual(allBut());
  expect(await delivered(events, { ...EVERYTHING, afsendermyndighed: [OTHER_TOWN] })).toEqual([]);
});

test('groups do not mix: one gives the type and not the level, the other the level and not the type (T27)', async () => {
  const events = {
    low: event({ foelsomhed: 'IKKE_FORTROLIGE_DATA' }),
    high: event({ foelsomhed: 'FOELSOMME_PERSONOPLYSNINGER' }),
    otherHigh: event({ beskedtype: OTHER_TYPE, foelsomhed: 'FOELSOMME_PERSONOPLYSNINGER' }),
  };
  const limits = [
    { ...EVERYTHING, beskedtype: [BESKEDTYPE], foelsomhed: 'IKKE_FORTROLIGE_DATA' },
    { ...EVERYTHING, beskedtype: [OTHER_TYPE], foelsomhed: 'FOELSOMME_PERSONOPLYSNINGER' },
  ];
  expect(await delivered(events, ...limits)).toEqual(['low', 'otherHigh']);
});

test('a restriction that is not understood gives nothing', async () => {
  const mailbox = await us.mailbox();
  await us.published(event());
  await us.settled(mailbox);
  for (const limits of [{ ...EVERYTHING, kle: ['2*'] }, { ...EVERYTHING, ukendt: '*' }, { kle: [] }]) {
    const answer = await within(limits).send('POST', `/dueslag/${mailbox}/krav`);
    expect([answer.status, jsonOf(answer)['kode']]).toEqual([403, 'ingen_rettighed']);
  }
  expect((await us.claim(mailbox)).beskeder).toHaveLength(1);
});

test('the backlog is judged by the agreement as it is when it is delivered, and what was held back comes by genafspil', async () => {
  const mailbox = await us.mailbox();
  const sent = [event(), event({ foelsomhed: 'VIP_SAGER' }), event()];
  await us.published(...sent);
  await us.settled(mailbox);
  const narrow = within({ ...EVERYTHING, foelsomhed: 'IKKE_FORTROLIGE_DATA' });
  const { krav, beskeder } = await narrow.claim(mailbox);
  expect(idsOf(beskeder)).toEqual([sent[0]!.id, sent[2]!.id]);
  await narrow.acknowledge(mailbox, { krav, modtaget: idsOf(beskeder) });
  expect(await us.rest(mailbox)).toEqual([]);
  expect((await us.send('POST', `/dueslag/${mailbox}/genafspil`, { body: { fra: 2, til: 2 } })).status).toBe(
    202,
  );
  expect(idsOf(await us.receive(mailbox, 1))).toEqual([sent[1]!.id]);
});

describe('between municipalities', () => {
  const neighbour = () => new Receiver(service, () => service.token({ cvr: OTHER_TOWN }));
  const common = () =>
    new Receiver(service, () => service.token({ system: 'demo-faelles', cvr: '19435075' }));

  test('only those named may have it, and each is told of itself alone', async () => {
    const them = neighbour();
    const [ours, theirs] = [await us.mailbox(), await them.mailbox()];
    const toBoth = event({ tilladtmodtager: `${TOWN},${OTHER_TOWN}` });
    const toThem = event({ tilladtmodtager: OTHER_TOWN });
    const toNobodyNamed = event();
    await us.published(toBoth, toThem, toNobodyNamed);
    expect(await us.receive(ours, 2)).toEqual([{ ...toBoth, tilladtmodtager: TOWN }, toNobodyNamed]);
    expect(await them.receive(theirs, 2)).toEqual([{ ...toBoth, tilladtmodtager: OTHER_TOWN }, toThem]);
    expect([await us.rest(ours), await them.rest(theirs)]).toEqual([[], []]);
  });

  test('what the common organisation tells is for all, but what it tells some', async () => {
    const [we, they] = [us, neighbour()];
    const [ours, theirs] = [await we.mailbox(), await they.mailbox()];
    const toAll = event({ ansvarligmyndighed: '19435075' });
    const toThem = event({ ansvarligmyndighed: '19435075', tilladtmodtager: OTHER_TOWN });
    await common().published(toAll, toThem);
    expect(idsOf(await we.receive(ours, 1))).toEqual([toAll.id]);
    expect(idsOf(await they.receive(theirs, 2))).toEqual([toAll.id, toThem.id]);
    expect(await we.rest(ours)).toEqual([]);
  });
});
