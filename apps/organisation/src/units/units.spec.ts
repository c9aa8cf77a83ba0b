import { randomUUID } from 'node:crypto';
import { Database, poolFor, ROLES } from '@stoettesystemer/postgres';
import type { Answer, RunningService } from '@stoettesystemer/testing';
import { runningOrganisation } from '../spec/running-organisation';
import { letBeTolerant } from '../spec/tolerance';
import { RegisteredUnits } from './registered-units';

const FROM = { fra: '2020-01-01T00:00:00Z' };
let service: RunningService;

beforeAll(async () => {
  // The towns here are no more than the places of their units.
  service = await letBeTolerant(await runningOrganisation());
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
const moving = async (uuid: string, over: string, from: string, number = 1) =>
  service.send('PATCH', `/organisation/v1/organisationenheder/${uuid}`, {
    body: { relationer: { overordnet: pointing(over, { fra: from }) } },
    headers: { 'if-match': `"${number}"` },
    token: await service.token(),
  });
async function move(uuid: string, over: string, from: string): Promise<void> {
  const answer = await moving(uuid, over, from);
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

  it('T32: in every process, whichever of them took the move in', async () => {
    const [left, right] = [await unit(), await unit()];
    const team = await unit(left);
    const pool = poolFor(service.databaseUrl, { size: 2, role: ROLES.app });
    const elsewhere = RegisteredUnits.in(new Database(pool));
    const under = async (root: string) => [...(await elsewhere.of('12345678')).under(root)].sort();
    const { version } = await elsewhere.of('12345678');
    expect([await under(left), await under(right)]).toEqual([[left, team].sort(), [right]]);
    // Nothing was written, and nothing is read anew.
    expect((await elsewhere.of('12345678')).version).toBe(version);
    await move(team, right, PAST);
    expect([await under(left), await under(right)]).toEqual([[left], [right, team].sort()]);
    expect((await elsewhere.of('12345678')).version).not.toBe(version);
    await pool.end();
  });

  it('reaches what is moved on a day from that day on, with nothing written then', async () => {
    const [left, right] = [await unit(), await unit()];
    const team = await unit(left);
    const [ofLeft, ofRight] = [await limited(left), await limited(right)];
    const day = new Date(Date.now() + 1500);
    await move(team, right, day.toISOString());
    const sees = async () => [
      await statusOf(`organisationenheder/${team}`, ofLeft),
      await statusOf(`organisationenheder/${team}`, ofRight),
    ];
    const before = await sees();
    // On a slow machine it may have come already.
    if (Date.now() < day.getTime()) expect(before).toEqual([200, 404]);
    let now = before;
    while (now[1] !== 200) now = await sees();
    expect(Date.now()).toBeGreaterThanOrEqual(day.getTime());
    expect(await sees()).toEqual([404, 200]);
  });

  it('T32: no more what is no longer under it, was deleted, or may not be put there', async () => {
    const root = await unit();
    const [ended, deleted, stays] = [await unit(root), await unit(root), await unit(root)];
    const below = await unit(stays);
    const token = await limited(root);
    const all = [root, ended, deleted, stays, below];
    expect(await found('organisationenheder', all, token)).toEqual(all.toSorted());
    const end = await service.send('PATCH', `/organisation/v1/organisationenheder/${ended}`, {
      body: { relationer: { overordnet: [{ virkning: { fra: PAST }, reference: null }] } },
      headers: { 'if-match': '"1"' },
    });
    expect(end.status).toBe(200);
    const remove = { headers: { 'if-match': '"1"' } };
    expect(
      (await service.send('DELETE', `/organisation/v1/organisationenheder/${deleted}`, remove)).status,
    ).toBe(204);
    const ring = await moving(root, below, PAST);
    expect([ring.status, jsonOf<{ kode: string }>(ring).kode]).toEqual([422, 'regel_1_kreds']);
    expect(await found('organisationenheder', all, token)).toEqual([root, stays, below].sort());
    expect(await statusOf(`organisationenheder/${deleted}/registreringer`, token)).toBe(404);
  });
});

describe('the places of the units, for other services', () => {
  interface Places {
    readonly gyldigTil: string | null;
    readonly enheder: readonly { readonly uuid: string; readonly overordnet: string }[];
  }
  const ask = async (token?: string, etag?: string) =>
    service.send('GET', '/organisation/v1/enhedsplaceringer', {
      token: token ?? (await service.token()),
      headers: { 'if-none-match': etag },
    });
  const among = (answer: Answer, uuids: readonly string[]) =>
    jsonOf<Places>(answer).enheder.filter(({ uuid }) => uuids.includes(uuid));

  it('are told once for each tree, without a name', async () => {
    const [left, right] = [await unit(), await unit()];
    const team = await unit(left);
    const first = await ask();
    const { etag } = first.headers;
    expect([first.status, among(first, [left, right, team])]).toEqual([
      200,
      [{ uuid: team, overordnet: left }],
    ]);
    expect(first.text).not.toContain('Enhed');
    const again = await ask(undefined, etag);
    expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', etag]);
    // What leaves the tree as it is makes no new one.
    await post(team);
    expect((await ask(undefined, etag)).status).toBe(304);
    await move(team, right, PAST);
    const moved = await ask(undefined, etag);
    expect([moved.status, among(moved, [team])]).toEqual([200, [{ uuid: team, overordnet: right }]]);
  });

  it('are all that is needed to know what lies under each unit, until the time that is told', async () => {
    const [left, right] = [await unit(), await unit()];
    const team = await unit(left);
    await unit(team);
    await move(team, right, '2098-01-01T00:00:00Z');
    const { gyldigTil, enheder } = jsonOf<Places>(await ask());
    expect(gyldigTil).toBe('2098-01-01T00:00:00Z');
    const tree = await RegisteredUnits.in(service.database).of('12345678');
    const under = (root: string): string[] => [
      root,
      ...enheder.flatMap(({ uuid, overordnet }) => (overordnet === root ? under(uuid) : [])),
    ];
    for (const root of new Set(enheder.flatMap(({ uuid, overordnet }) => [uuid, overordnet])))
      expect(under(root).sort()).toEqual([...tree.under(root)].sort());
  });

  it('are told of the units that the caller may see', async () => {
    const root = await unit();
    const [team, other] = [await unit(root), await unit(await unit())];
    const answer = await ask(await limited(root));
    expect(jsonOf<Places>(answer).enheder).toEqual([{ uuid: team, overordnet: root }]);
    const theirs = await ask(await service.token({ cvr: '87654321' }));
    expect(jsonOf<Places>(theirs).enheder).toEqual([]);
    expect(among(await ask(), [other])).toHaveLength(1);
    expect((await ask(await service.tokenWith(['person:laes']))).status).toBe(403);
  });
});
