import { randomUUID } from 'node:crypto';
import { Regeltilstand } from '@stoettesystemer/model';
import { DEMO_CLIENTS } from '@stoettesystemer/access';
import type { Answer, RunningService } from '@stoettesystemer/testing';
import { runningOrganisation } from '../spec/running-organisation';

const FROM = { fra: '2020-01-01T00:00:00Z' };
let service: RunningService;

beforeAll(async () => {
  service = await runningOrganisation();
  // The towns here are no more than the places of their units.
  const body = {
    attributter: { egenskaber: [{ virkning: FROM, tilstand: 'tolerant', begrundelse: 'Til test.' }] },
  };
  const path = `/organisation/v1/${Regeltilstand.path}/${DEMO_CLIENTS['demo-fagsystem']!}`;
  expect((await service.send('PUT', path, { body, token: await service.token() })).status).toBe(201);
});
afterAll(() => service.close());

const jsonOf = <T>({ text }: Answer): T => JSON.parse(text) as T;
const pointing = (uuid: string, virkning: { fra: string; til?: string } = FROM) => [
  { virkning, reference: { uuid } },
];

async function made(path: string, body: object): Promise<string> {
  const answer = await service.send('POST', `/organisation/v1/${path}`, {
    body,
    token: await service.token(),
  });
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
  return jsonOf<{ uuid: string }>(answer).uuid;
}
const unit = (over?: string) =>
  made('organisationenheder', {
    attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: randomUUID(), enhedNavn: 'Enhed' }] },
    tilstande: { gyldighed: [{ virkning: FROM, vaerdi: 'Aktiv' }] },
    relationer: over === undefined ? {} : { overordnet: pointing(over) },
  });
const post = (at: string) =>
  made('organisationfunktioner', {
    attributter: {
      egenskaber: [{ virkning: FROM, brugervendtNoegle: randomUUID(), funktionNavn: 'Sagsbehandler' }],
    },
    relationer: { tilknyttedeEnheder: pointing(at) },
  });
async function move(uuid: string, over: string, from: string): Promise<void> {
  const answer = await service.send('PATCH', `/organisation/v1/organisationenheder/${uuid}`, {
    body: { relationer: { overordnet: pointing(over, { fra: from }) } },
    headers: { 'if-match': '"1"' },
    token: await service.token(),
  });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
}

/** A token that reaches the unit, with or without all that is under it. */
const limited = (rod: string, undertrae = true) =>
  service.tokenAs({}, { constraints: { orgenhed: [{ rod, undertrae }] } });
const statusOf = async (path: string, token: string) =>
  (await service.send('GET', `/organisation/v1/${path}`, { token })).status;
const found = async (type: string, uuids: readonly string[], token: string) =>
  jsonOf<{ data: string[] }>(
    await service.send('GET', `/organisation/v1/${type}?uuid=${uuids.join(',')}&vis=uuid`, { token }),
  ).data.toSorted();

const PAST = '2021-01-01T00:00:00Z';

describe('a caller who is restricted to a unit and what is under it', () => {
  it('T32: sees what moves in, and no more what moves out, from the next request on', async () => {
    const [left, right] = [await unit(), await unit()];
    const team = await unit(left);
    const group = await unit(team);
    const [own, other] = [await post(group), await post(right)];
    const [ofLeft, ofRight] = [await limited(left), await limited(right)];
    const units = [left, right, team, group];
    const sees = async (token: string) => ({
      units: await found('organisationenheder', units, token),
      posts: await found('organisationfunktioner', [own, other], token),
      read: [
        await statusOf(`organisationenheder/${group}`, token),
        await statusOf(`organisationfunktioner/${own}`, token),
      ],
    });
    expect(await sees(ofLeft)).toEqual({ units: [left, team, group].sort(), posts: [own], read: [200, 200] });
    expect(await sees(ofRight)).toEqual({ units: [right], posts: [other], read: [404, 404] });
    await move(team, right, PAST);
    expect(await sees(ofLeft)).toEqual({ units: [left], posts: [], read: [404, 404] });
    expect(await sees(ofRight)).toEqual({
      units: [right, team, group].sort(),
      posts: [own, other].sort(),
      read: [200, 200],
    });
  });

  it('reaches what is under the unit now, not what is planned to be', async () => {
    const [left, right] = [await unit(), await unit()];
    const team = await unit(left);
    await move(team, right, '2099-01-01T00:00:00Z');
    expect(await statusOf(`organisationenheder/${team}`, await limited(left))).toBe(200);
    expect(await statusOf(`organisationenheder/${team}`, await limited(right))).toBe(404);
  });

  it('without its subtree reaches the unit alone', async () => {
    const root = await unit();
    const team = await unit(root);
    const token = await limited(root, false);
    expect(await found('organisationenheder', [root, team], token)).toEqual([root]);
  });

  it('changes what is under the unit, and nothing else', async () => {
    const [left, right] = [await unit(), await unit()];
    const [own, other] = [await post(await unit(left)), await post(right)];
    const token = await limited(left);
    const change = (uuid: string) =>
      service.send('PATCH', `/organisation/v1/organisationfunktioner/${uuid}`, {
        body: { attributter: { egenskaber: [{ virkning: FROM, funktionNavn: 'Leder' }] } },
        headers: { 'if-match': '"1"' },
        token,
      });
    expect([(await change(own)).status, (await change(other)).status]).toEqual([200, 404]);
    const away = await service.send('PATCH', `/organisation/v1/organisationfunktioner/${own}`, {
      body: { relationer: { tilknyttedeEnheder: pointing(right) }, erstat: true },
      headers: { 'if-match': '"2"' },
      token,
    });
    expect(away.status).toBe(403);
  });

  it('hears the events of what is under the unit, also while it waits for them', async () => {
    const [left, right] = [await unit(), await unit()];
    const team = await unit(left);
    const token = await limited(right);
    const heard = async (after: number, wait: number) =>
      jsonOf<{ subject: string; sequence: string }[]>(
        await service.send('GET', `/organisation/v1/haendelser?efter=${after}&vent=${wait}&limit=500`, {
          token,
        }),
      );
    const before = await heard(0, 0);
    expect(before.map(({ subject }) => subject)).toEqual([right]);
    const waiting = heard(Number(before.at(-1)!.sequence), 20);
    await move(team, right, PAST);
    expect((await waiting).map(({ subject }) => subject)).toContain(team);
  });

  it('is of one municipality: another’s tree gives nothing', async () => {
    const root = await unit();
    const token = await service.tokenAs(
      { cvr: '87654321' },
      { constraints: { orgenhed: [{ rod: root, undertrae: true }] } },
    );
    expect(await statusOf(`organisationenheder/${root}`, token)).toBe(404);
  });
});
