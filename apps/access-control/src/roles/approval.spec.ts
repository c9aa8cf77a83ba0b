import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { runningAccessControl } from '../spec/running-access-control';
import {
  catalogueIn,
  type Content,
  held,
  type Item,
  jsonOf,
  made,
  outcomeOf,
  roleBody,
  Town,
} from '../spec/town';

const APPROVE = ['adgangsstyring:godkend-rolle'];
const LEVELS = ['IKKE_FORTROLIGE_DATA', 'VIP_SAGER'];
const [maker, approver, third] = [randomUUID(), randomUUID(), randomUUID()];

let service: RunningService;
let town: Town;
/** The same system in the hands of people, all of whom may approve. */
let people: Record<'maker' | 'approver' | 'third', Town>;
beforeAll(async () => {
  service = await runningAccessControl();
  town = new Town(service);
  const as = (subject: string) => town.as({ subject, privileges: APPROVE });
  people = { maker: as(maker), approver: as(approver), third: as(third) };
});
afterAll(() => service.close());

const waiting = (...af: string[]) => ({
  aendring: held({ af }),
  tilstande: { godkendelse: held({ vaerdi: 'AfventerGodkendelse' }) },
});
const sensitive = () => catalogueIn(service, { values: LEVELS, type: { dimension: 'foelsomhed' } });
const state = async (uuid: string): Promise<string | undefined> => {
  const { tilstande } = await town.read<{ tilstande: { godkendelse?: { vaerdi: string }[] } }>(
    `v1/jobfunktionsroller/${uuid}`,
  );
  return tilstande.godkendelse?.at(-1)?.vaerdi;
};
const pending = async (body: Content): Promise<string> => made(people.maker.post('jobfunktionsroller', body));
const take = async (who: Town, uuid: string, step: 'godkend' | 'afvis', nummer = 1) =>
  outcomeOf(await who.change('POST', `jobfunktionsroller/${uuid}/${step}`, undefined, nummer));

test('T40: who gives himself VIP needs another; the log shows both', async () => {
  const { type, userRole } = await sensitive();
  const vip = { [type]: ['VIP_SAGER'] };
  const make = async (...args: Parameters<typeof roleBody>) =>
    outcomeOf(await people.maker.post('jobfunktionsroller', roleBody(...args)));
  expect(await make(userRole, { [type]: ['IKKE_FORTROLIGE_DATA'] })).toEqual([201]);
  // Without the restriction the role reaches it too, and so does all.
  for (const values of [vip, {}, { [type]: ['*'] }])
    expect([values, await make(userRole, values)]).toEqual([values, [422, 'godkendelse']]);
  const approved = {
    tilstande: { godkendelse: held({ vaerdi: 'Godkendt' }) },
    aendring: held({ af: [maker] }),
  };
  expect(await make(userRole, vip, approved)).toEqual([422, 'godkendelse']);
  expect(await make(userRole, vip, waiting())).toEqual([422, 'aendring']);
  expect(await make(userRole, vip, waiting(approver))).toEqual([422, 'aendring']);

  const uuid = await pending(roleBody(userRole, vip, waiting(maker)));
  expect(await take(people.maker, uuid, 'godkend')).toEqual([403, 'fire_oejne']);
  const body = { tilstande: { godkendelse: held({ vaerdi: 'Godkendt' }) } };
  expect(outcomeOf(await people.maker.change('PATCH', `jobfunktionsroller/${uuid}`, body))).toEqual([
    403,
    'fire_oejne',
  ]);
  expect(await take(town, uuid, 'godkend')).toEqual([403, 'ingen_rettighed']);
  expect(
    outcomeOf(await town.as({ subject: third }).change('PATCH', `jobfunktionsroller/${uuid}`, body)),
  ).toEqual([403, 'ingen_rettighed']);
  // He cannot leave himself out, or say that another has changed it.
  const out = { attributter: { aendring: held({ af: [third] }) } };
  expect(outcomeOf(await people.maker.change('PATCH', `jobfunktionsroller/${uuid}`, out))).toEqual([
    422,
    'aendring',
  ]);
  const forged = { ...out, brugerRef: { uuid: third } };
  expect(outcomeOf(await people.maker.change('PATCH', `jobfunktionsroller/${uuid}`, forged))).toEqual([
    422,
    'aendring',
  ]);
  expect(await state(uuid)).toBe('AfventerGodkendelse');

  expect(outcomeOf(await people.approver.send('POST', `v1/jobfunktionsroller/${uuid}/godkend`))).toEqual([
    428,
    'if_match_mangler',
  ]);
  expect(await take(people.approver, uuid, 'godkend', 7)).toEqual([412, 'foraeldet']);
  expect(await take(people.approver, uuid, 'godkend')).toEqual([200]);
  expect(await state(uuid)).toBe('Godkendt');
  expect(await take(people.approver, uuid, 'godkend', 2)).toEqual([409, 'trin']);
  const { rows } = await service.database.run(
    { owner: '12345678' },
    {
      name: 'spec-changed',
      text: `select operation, subject from audit where objects @> array[$1::uuid] and allowed
        and operation in ('opret', 'ret') order by id`,
      values: [uuid],
    },
  );
  expect(rows).toEqual([
    { operation: 'opret', subject: maker },
    { operation: 'ret', subject: approver },
  ]);
});

test('T40: another municipality’s role is not there to approve', async () => {
  const { type, userRole } = await sensitive();
  const uuid = await pending(roleBody(userRole, { [type]: ['VIP_SAGER'] }, waiting(maker)));
  const other = new Town(service, { cvr: '87654321' }, { subject: third, privileges: APPROVE });
  expect(await take(other, uuid, 'godkend')).toEqual([404, 'findes_ikke']);
});

test('a change of what is approved waits again, and its author is not the one to approve it', async () => {
  const { type, userRole } = await sensitive();
  const uuid = await pending(roleBody(userRole, { [type]: ['VIP_SAGER'] }, waiting(maker)));
  expect(await take(people.approver, uuid, 'godkend')).toEqual([200]);
  const path = `jobfunktionsroller/${uuid}`;
  // Whoever has the role is told by its entityId: another one is another grant.
  const virkning = { fra: new Date(Date.now() + 86_400_000).toISOString() };
  const attributter = (af: string[]): Record<string, Item[]> => ({
    egenskaber: [{ virkning, entityId: `http://eksempel.dk/${randomUUID()}` }],
    aendring: [{ virkning, af }],
  });
  const tilstande = { godkendelse: [{ virkning, vaerdi: 'AfventerGodkendelse' }] };
  expect(
    outcomeOf(await people.approver.change('PATCH', path, { attributter: attributter([approver]) }, 2)),
  ).toEqual([422, 'godkendelse']);
  const waits = { attributter: attributter([approver]), tilstande };
  expect(outcomeOf(await people.approver.change('PATCH', path, waits, 2))).toEqual([200]);
  expect(await take(people.approver, uuid, 'godkend', 3)).toEqual([403, 'fire_oejne']);
  // The one who made it has not changed it since.
  expect(await take(people.maker, uuid, 'godkend', 3)).toEqual([200]);
  expect(await state(uuid)).toBe('Godkendt');
});

test('two authors: neither approves; rejected, it waits only for one who says so', async () => {
  const { type, userRole } = await sensitive();
  const uuid = await pending(roleBody(userRole, { [type]: ['VIP_SAGER'] }, waiting(maker)));
  const path = `jobfunktionsroller/${uuid}`;
  const attributter = { egenskaber: held({ navn: 'Andet' }), aendring: held({ af: [maker, approver] }) };
  expect(outcomeOf(await people.approver.change('PATCH', path, { attributter }))).toEqual([200]);
  for (const who of [people.maker, people.approver])
    expect(await take(who, uuid, 'godkend', 2)).toEqual([403, 'fire_oejne']);
  expect(await take(people.third, uuid, 'afvis', 2)).toEqual([200]);
  expect(await state(uuid)).toBe('Afvist');
  const approve = { tilstande: { godkendelse: held({ vaerdi: 'Godkendt' }) } };
  expect(outcomeOf(await people.third.change('PATCH', path, approve, 3))).toEqual([422, 'godkendelse']);
  const again = (af: string[]) => ({
    attributter: { aendring: held({ af }) },
    tilstande: { godkendelse: held({ vaerdi: 'AfventerGodkendelse' }) },
  });
  expect(outcomeOf(await people.third.change('PATCH', path, again([maker, approver]), 3))).toEqual([
    422,
    'aendring',
  ]);
  expect(outcomeOf(await people.third.change('PATCH', path, again([maker, approver, third]), 3))).toEqual([
    200,
  ]);
  expect(await take(people.third, uuid, 'godkend', 4)).toEqual([403, 'fire_oejne']);
});

test('a role that its vendor wants two for, and one that is filled in at login', async () => {
  const { userRole } = await catalogueIn(service, { egenskaber: { kraeverGodkendelse: true } });
  const answer = await people.maker.post('jobfunktionsroller', roleBody(userRole));
  expect(outcomeOf(answer)).toEqual([422, 'godkendelse']);
  const { type, userRole: other } = await sensitive();
  const body = roleBody(other);
  const limit = { id: 'a', rolleId: 'r', dataafgraensningstype: type, dynamisk: true };
  const dynamic = { attributter: { ...body.attributter, afgraensning: held(limit) } };
  expect(outcomeOf(await people.maker.post('jobfunktionsroller', dynamic))).toEqual([422, 'godkendelse']);
});

test('the same approval again is the same answer', async () => {
  const { type, userRole } = await sensitive();
  const uuid = await pending(roleBody(userRole, { [type]: ['VIP_SAGER'] }, waiting(maker)));
  const headers = { 'if-match': '"1"', 'idempotency-key': randomUUID() };
  const path = `v1/jobfunktionsroller/${uuid}/godkend`;
  const first = await people.approver.send('POST', path, { note: 'Set igennem' }, headers);
  const second = await people.approver.send('POST', path, { note: 'Set igennem' }, headers);
  expect([second.status, second.headers['idempotent-replayed'], jsonOf(second)]).toEqual([
    200,
    'true',
    jsonOf(first),
  ]);
});
