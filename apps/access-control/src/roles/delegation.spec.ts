import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { runningAccessControl } from '../spec/running-access-control';
import {
  catalogueIn,
  delegationBody,
  held,
  made,
  OTHER_TOWN,
  outcomeOf,
  pointing,
  roleBody,
  Town,
  TOWN,
} from '../spec/town';

let service: RunningService;
let owner: Town;
let receiver: Town;
let userRole: string;
let type: string;
beforeAll(async () => {
  service = await runningAccessControl();
  owner = new Town(service);
  receiver = new Town(service, { cvr: OTHER_TOWN });
  ({ userRole, type } = await catalogueIn(service));
});
afterAll(() => service.close());

const role = (town = owner) => made(town.post('jobfunktionsroller', roleBody(userRole, { [type]: ['ja'] })));
const delegate = async (uuid: string, to = OTHER_TOWN, status = 'Anmodet') =>
  owner.post('delegationer', delegationBody(uuid, to, status));
const step = async (town: Town, uuid: string, what: string, nummer = 1, of = TOWN) =>
  outcomeOf(await town.change('POST', `delegationer/modtagne/${of}/${uuid}/${what}`, undefined, nummer));
interface Received {
  readonly ejer: string;
  readonly status: string;
  readonly delegation: { uuid: string; registrering: { note?: string } };
  readonly jobfunktionsrolle: { uuid: string } | null;
}
const received = async (town: Town, uuid: string) => {
  const { data } = await town.read<{ data: Received[] }>('v1/delegationer/modtagne');
  return data.find(({ delegation }) => delegation.uuid === uuid);
};
const set = async (town: Town, uuid: string, status: string, nummer: number) =>
  outcomeOf(
    await town.change(
      'PATCH',
      `delegationer/${uuid}`,
      { tilstande: { status: held({ vaerdi: status }) } },
      nummer,
    ),
  );

test('a role is delegated to another, by whoever has it, and not one that is filled in at login', async () => {
  const uuid = await role();
  expect(outcomeOf(await delegate(uuid))).toEqual([201]);
  expect(outcomeOf(await delegate(uuid, TOWN))).toEqual([422, 'modtager']);
  expect(outcomeOf(await delegate(randomUUID()))).toEqual([422, 'rolle']);
  expect(outcomeOf(await delegate(await role(receiver)))).toEqual([422, 'rolle']);
  expect(outcomeOf(await delegate(uuid, OTHER_TOWN, 'Accepteret'))).toEqual([422, 'trin']);

  const dynamic = held({
    id: 'a0',
    rolleId: 'r',
    dataafgraensningstype: type,
    dynamisk: true,
    vaerdier: null,
  });
  const change = { attributter: { afgraensning: dynamic } };
  expect(outcomeOf(await owner.change('PATCH', `jobfunktionsroller/${uuid}`, change))).toEqual([
    422,
    'delegeret',
  ]);
  const other = await role();
  expect(outcomeOf(await owner.change('PATCH', `jobfunktionsroller/${other}`, change))).toEqual([200]);
  expect(outcomeOf(await delegate(other))).toEqual([422, 'dynamisk']);
  expect(outcomeOf(await owner.change('DELETE', `jobfunktionsroller/${uuid}`))).toEqual([422, 'i_brug']);
});

test('whom it is to and which role stay; and only the receiver says yes', async () => {
  const uuid = await made(delegate(await role()));
  const path = `delegationer/${uuid}`;
  const moved = { attributter: { egenskaber: held({ modtagerCvr: '11111111' }) } };
  expect(outcomeOf(await owner.change('PATCH', path, moved))).toEqual([422, 'modtager']);
  const other = { relationer: { jobfunktionsrolle: pointing(await role()) } };
  expect(outcomeOf(await owner.change('PATCH', path, other))).toEqual([422, 'rolle']);
  for (const status of ['Accepteret', 'Afvist'])
    expect(await set(owner, uuid, status, 1)).toEqual([403, 'modtager']);
  // T23: by the usual way it is another's, and not there.
  expect(await set(receiver, uuid, 'Accepteret', 1)).toEqual([404, 'findes_ikke']);
  expect(await step(owner, uuid, 'accepter')).toEqual([404, 'findes_ikke']);
  expect(
    await step(new Town(service, { system: 'demo-faelles', cvr: '19435075' }), uuid, 'accepter'),
  ).toEqual([404, 'findes_ikke']);
});

test('the receiver sees it, takes it, and gives it up; the delegator’s log says who did', async () => {
  const of = await role();
  const uuid = await made(delegate(of));
  expect(await received(receiver, uuid)).toMatchObject({
    ejer: TOWN,
    status: 'Anmodet',
    jobfunktionsrolle: { uuid: of },
  });
  expect(await received(owner, uuid)).toBeUndefined();
  const person = randomUUID();
  const hand = receiver.as({ subject: person });
  expect(await step(hand, uuid, 'accepter', 7)).toEqual([412, 'foraeldet']);
  expect(await step(hand, uuid, 'accepter')).toEqual([200]);
  expect(await step(hand, uuid, 'accepter', 2)).toEqual([409, 'trin']);
  expect(await received(receiver, uuid)).toMatchObject({
    status: 'Accepteret',
    delegation: { registrering: { note: `Accepteret af ${OTHER_TOWN}` } },
  });
  const logged = async (cvr: string) => {
    const { rows } = await service.database.run(
      { owner: cvr },
      {
        name: 'spec-delegated',
        text: `select operation, subject from audit where objects @> array[$1::uuid] and subject = $2
          and operation in ('ret', 'accepter') and allowed order by id`,
        values: [uuid, person],
      },
    );
    return rows.map((row) => row['operation']);
  };
  expect(await logged(TOWN)).toEqual(['ret']);
  expect(await logged(OTHER_TOWN)).toContain('accepter');

  expect(await step(receiver, uuid, 'ophaev', 2)).toEqual([200]);
  expect(await received(receiver, uuid)).toMatchObject({ status: 'Ophaevet', jobfunktionsrolle: null });
  expect(await set(owner, uuid, 'Anmodet', 3)).toEqual([422, 'trin']);
});

test('either ends it, and what was declined stays so', async () => {
  const accepted = await made(delegate(await role()));
  expect(await step(receiver, accepted, 'accepter')).toEqual([200]);
  expect(await set(owner, accepted, 'Ophaevet', 2)).toEqual([200]);
  expect(await step(receiver, accepted, 'accepter', 3)).toEqual([409, 'trin']);
  const declined = await made(delegate(await role()));
  expect(await step(receiver, declined, 'afvis')).toEqual([200]);
  expect(await set(owner, declined, 'Accepteret', 2)).toEqual([403, 'modtager']);
  expect(await set(owner, declined, 'Anmodet', 2)).toEqual([422, 'trin']);
});

test('the receiver’s hand reaches nothing else of the delegator’s', async () => {
  const theirs = await made(owner.post('delegationer', delegationBody(await role(), '11111111')));
  for (const what of ['accepter', 'afvis', 'ophaev'])
    expect(await step(receiver, theirs, what)).toEqual([404, 'findes_ikke']);
  expect(await received(receiver, theirs)).toBeUndefined();
  const { rows } = await service.database.run(
    { owner: OTHER_TOWN },
    { name: 'spec-rls', text: `select count(*)::int as n from object where type = 'Delegation'` },
  );
  expect(rows).toEqual([{ n: 0 }]);
});
