import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { runningOrganisation } from '../spec/running-organisation';
import { jsonOf, Town } from './spec/town';

let service: RunningService;
let town: Town;
const [root, north, south, team, hall] = [0, 1, 2, 3, 4].map(() => randomUUID()) as [
  string,
  string,
  string,
  string,
  string,
];
const [clerk, leader, desk] = [0, 1, 2].map(() => randomUUID()) as [string, string, string];
const DAY = '2099-01-01T00:00:00Z';

beforeAll(async () => {
  service = await runningOrganisation();
  town = new Town(service);
  await town.settle(root, [
    town.unit(root, null),
    town.unit(north, root, { kle: ['27', '32.18'] }),
    town.unit(south, root, { kle: ['32.18'] }),
    town.unit(team, north),
    town.unit(hall, root),
    town.post(clerk, team),
    town.post(leader, north, 'lederrolle'),
    town.post(desk, north, 'henvendelsessted', { opgaver: [town.task('27')] }),
  ]);
});
afterAll(() => service.close());

interface Found {
  readonly tilstande: { readonly gyldighed: readonly { vaerdi: string }[] };
  readonly relationer: Readonly<
    Record<string, readonly { reference: { uuid: string }; kleNummer?: string }[] | undefined>
  >;
}
const at = (path: string, uuid: string, day: string) =>
  town.get<Found>(`${path}/${uuid}?virkningstid=${day}`);
const unitAt = (uuid: string, day: string) => at('organisationenheder', uuid, day);
const overAt = async (uuid: string, day: string) =>
  (await unitAt(uuid, day)).relationer['overordnet']?.[0]?.reference.uuid;
const placeAt = async (uuid: string, day: string) =>
  (await at('organisationfunktioner', uuid, day)).relationer['tilknyttedeEnheder']?.map(
    ({ reference }) => reference.uuid,
  );
const tasksAt = async (uuid: string, day: string) =>
  ((await unitAt(uuid, day)).relationer['opgaver'] ?? []).map(({ kleNummer }) => kleNummer).sort();
const BEFORE = '2098-12-31T23:59:59Z';

describe('a reorganisation from draft to undo', () => {
  it('is looked at, applied on its day, and taken back', async () => {
    const fresh = randomUUID();
    const plan = await town.plan(DAY, [
      { handling: 'Luk', enhed: north, modtager: south },
      { handling: 'Opret', enhed: fresh, navn: 'Nyt team', overordnet: south },
      { handling: 'Flyt', enhed: hall, overordnet: fresh },
    ]);
    const seen = await town.consequences(plan);
    expect(seen).toMatchObject({ kanAnvendes: true, naeste: null });
    expect(seen.antal).toMatchObject({ Lukket: 1, Oprettet: 1, Flyttet: 2, StedFlytter: 1 });
    expect(seen.antal).not.toHaveProperty('UdenModtager');
    const path = `omorganiseringer/${plan}`;
    const done = await town.send('POST', `${path}/anvend`, { grundlag: seen.grundlag, note: 'Besluttet' }, 1);
    expect([done.status, done.headers['etag']]).toEqual([200, '"2"']);
    expect(jsonOf(done)).toMatchObject({ registrering: { note: 'Besluttet' } });
    expect([await overAt(team, BEFORE), await overAt(team, DAY)]).toEqual([north, south]);
    expect([await placeAt(leader, BEFORE), await placeAt(leader, DAY)]).toEqual([[north], [south]]);
    expect([await placeAt(clerk, DAY), await placeAt(desk, DAY)]).toEqual([[team], [south]]);
    expect([await tasksAt(south, BEFORE), await tasksAt(south, DAY), await tasksAt(north, DAY)]).toEqual([
      ['32.18'],
      ['27', '32.18'],
      [],
    ]);
    expect((await unitAt(north, DAY)).tilstande.gyldighed).toMatchObject([{ vaerdi: 'Inaktiv' }]);
    expect([await overAt(hall, DAY), await overAt(fresh, DAY)]).toEqual([fresh, south]);

    const again = await town.send('POST', `${path}/anvend`, { grundlag: seen.grundlag }, 1);
    expect([again.status, again.headers['preference-applied']]).toEqual([200, 'uaendret']);
    const undone = await town.undo(plan);
    expect(undone.status).toBe(200);
    expect([await overAt(team, DAY), await placeAt(leader, DAY), await tasksAt(south, DAY)]).toEqual([
      north,
      [north],
      ['32.18'],
    ]);
    expect((await town.send('GET', `organisationenheder/${fresh}`)).status).toBe(404);
    const { tilstande } = await town.get<{ tilstande: { status: { vaerdi: string }[] } }>(
      `${path}?virkning=alle`,
    );
    expect(tilstande.status.map(({ vaerdi }) => vaerdi)).toEqual(['Anvendt', 'Fortrudt']);
  });
});
