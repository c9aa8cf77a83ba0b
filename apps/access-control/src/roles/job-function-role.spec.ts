import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { runningAccessControl } from '../spec/running-access-control';
import {
  catalogueIn,
  held,
  type Item,
  jsonOf,
  made,
  outcomeOf,
  pointing,
  roleBody,
  systemBody,
  Town,
  userRoleBody,
} from '../spec/town';

let service: RunningService;
let town: Town;
beforeAll(async () => {
  service = await runningAccessControl();
  town = new Town(service);
});
afterAll(() => service.close());

const outcome = async (...args: Parameters<typeof roleBody>) =>
  outcomeOf(await town.post('jobfunktionsroller', roleBody(...args)));

test('a role is made of roles that are there, in systems that let the municipality in', async () => {
  const { vendor, userRole } = await catalogueIn(service);
  expect(await outcome(userRole)).toEqual([201]);
  expect(await outcome(randomUUID())).toEqual([422, 'rolle_findes_ikke']);
  const closed = systemBody({ authorities: ['87654321'] });
  const system = await made(vendor.post('it-systemer', closed));
  const theirs = await made(vendor.post('brugersystemroller', userRoleBody(system)));
  expect(await outcome(theirs)).toEqual([403, 'myndighedsafgraensning']);
  const other = new Town(service, { cvr: '87654321' });
  expect(outcomeOf(await other.post('jobfunktionsroller', roleBody(theirs)))).toEqual([201]);
});

test('its restrictions have values that their types allow, and those that are required are there', async () => {
  const { type, userRole } = await catalogueIn(service, { isRequired: true });
  expect(await outcome(userRole, { [type]: ['ja'] })).toEqual([201]);
  expect(await outcome(userRole, { [type]: ['*'] })).toEqual([201]);
  expect(await outcome(userRole)).toEqual([422, 'afgraensning_mangler']);
  expect(await outcome(userRole, { [type]: ['måske'] })).toEqual([422, 'vaerdi']);
  expect(await outcome(userRole, { [type]: [] })).toEqual([422, 'vaerdi']);
  expect(await outcome(userRole, { [type]: ['ja'], 'urn:ukendt': ['x'] })).toEqual([
    422,
    'afgraensning_ukendt',
  ]);

  const body = roleBody(userRole, { [type]: ['ja'] });
  const withLimits = async (...limits: Item[]) =>
    outcomeOf(
      await town.post('jobfunktionsroller', {
        attributter: {
          ...body.attributter,
          egenskaber: held({ navn: 'Ny', entityId: randomUUID() }),
          afgraensning: held(...limits),
        },
      }),
    );
  const limit = { id: 'a', rolleId: 'r', dataafgraensningstype: type };
  expect(await withLimits({ ...limit, dynamisk: true })).toEqual([201]);
  expect(await withLimits({ ...limit, dynamisk: true, vaerdier: ['ja'] })).toEqual([422, 'dynamisk']);
  expect(await withLimits({ ...limit, vaerdier: ['ja'] }, { ...limit, id: 'b', vaerdier: ['nej'] })).toEqual([
    422,
    'gentaget',
  ]);
  // A slip of the pen would leave the role without the restriction.
  expect(await withLimits({ ...limit, rolleId: 'R', vaerdier: ['ja'] })).toEqual([422, 'rolle_ukendt']);
});

test('what no token has room for is refused where it is given (A8)', async () => {
  const { vendor, system, type } = await catalogueIn(service, { values: [] });
  const attributter = {
    egenskaber: held({ navn: 'En', entityId: randomUUID(), organisationCvr: '19435075' }),
  };
  const called = await made(vendor.post('services', { attributter }));
  const body = userRoleBody(system, [{ type }]);
  const userRole = await made(
    vendor.post('brugersystemroller', {
      ...body,
      relationer: { ...body.relationer, service: pointing(called) },
    }),
  );
  const values = (count: number) => Array.from({ length: count }, (_, at) => `værdi-${at}`);
  expect(await outcome(userRole, { [type]: values(300) })).toEqual([201]);
  expect(await outcome(userRole, { [type]: values(600) })).toEqual([422, 'token_for_stort']);
});

test('nothing gets round it: not a ret, an import, nor what begins later', async () => {
  const { type, userRole } = await catalogueIn(service, { isRequired: true });
  const path = `jobfunktionsroller/${await made(town.post('jobfunktionsroller', roleBody(userRole, { [type]: ['ja'] })))}`;
  const later = (item: Item) => ({
    attributter: { afgraensning: [{ id: 'a0', virkning: { fra: '2900-01-01T00:00:00Z' }, ...item }] },
  });
  const full = { rolleId: 'r', dataafgraensningstype: type };
  expect(outcomeOf(await town.change('PATCH', path, later({ ...full, vaerdier: ['måske'] })))).toEqual([
    422,
    'vaerdi',
  ]);
  expect(outcomeOf(await town.change('PATCH', path, later({ slut: true })))).toEqual([
    422,
    'afgraensning_mangler',
  ]);
  expect(outcomeOf(await town.change('PATCH', path, later({ ...full, vaerdier: ['nej'] })))).toEqual([200]);
  const line = JSON.stringify({ objekttype: 'Jobfunktionsrolle', ...roleBody(userRole) });
  const imported = await town.send('POST', 'v1/import', line, { 'content-type': 'application/x-ndjson' });
  expect(imported.text).toContain('afgraensning_mangler');
});

test('entityId is one role’s in the municipality, and nobody’s business elsewhere (T25)', async () => {
  const { userRole } = await catalogueIn(service);
  const egenskaber = { entityId: `http://eksempel.dk/${randomUUID()}` };
  expect(await outcome(userRole, {}, { egenskaber })).toEqual([201]);
  expect(await outcome(userRole, {}, { egenskaber })).toEqual([422, 'entityid_optaget']);
  const other = new Town(service, { cvr: '87654321' });
  const answer = await other.post('jobfunktionsroller', roleBody(userRole, {}, { egenskaber }));
  expect(outcomeOf(answer)).toEqual([201]);
});

interface Validity {
  readonly gyldig: boolean;
  readonly fejl: readonly { kode: string; siden: string | null; dataafgraensningstype?: string }[];
}
test('gyldighed: what a vendor has changed since, and since when; and a name can still be changed', async () => {
  const { vendor, type, typeUuid, userRole } = await catalogueIn(service);
  const uuid = await made(town.post('jobfunktionsroller', roleBody(userRole, { [type]: ['ja'] })));
  const path = `v1/jobfunktionsroller/${uuid}/gyldighed`;
  expect(await town.read<Validity>(path)).toEqual({ uuid, gyldig: true, fejl: [] });

  const gone = { attributter: { vaerdi: held({ vaerdi: 'ja', slut: true }) } };
  const changed = await vendor.change('PATCH', `dataafgraensningstyper/${typeUuid}`, gone);
  const { registrering } = jsonOf<{ registrering: { fra: string } }>(changed);
  const told = { attributter: { egenskaber: held({ navn: 'Type med nyt navn' }) } };
  expect(outcomeOf(await vendor.change('PATCH', `dataafgraensningstyper/${typeUuid}`, told, 2))).toEqual([
    200,
  ]);
  const { gyldig, fejl } = await town.read<Validity>(path);
  expect([gyldig, fejl]).toEqual([
    false,
    [expect.objectContaining({ kode: 'vaerdi', dataafgraensningstype: type, siden: registrering.fra })],
  ]);
  const listed = async () => {
    const { data } = await town.read<{ data: { uuid: string; fejl: { kode: string }[] }[] }>(
      'v1/jobfunktionsroller/ugyldige',
    );
    return data.filter((each) => each.uuid === uuid).map((each) => each.fejl.map(({ kode }) => kode));
  };
  expect(await listed()).toEqual([['vaerdi']]);

  const renamed = { attributter: { egenskaber: held({ navn: 'Nyt navn' }) } };
  expect(outcomeOf(await town.change('PATCH', `jobfunktionsroller/${uuid}`, renamed))).toEqual([200]);
  const whole = roleBody(userRole, { [type]: ['ja'] });
  expect(outcomeOf(await town.change('PUT', `jobfunktionsroller/${uuid}`, whole, 2))).toEqual([
    422,
    'vaerdi',
  ]);

  const deleted = await vendor.change('DELETE', `brugersystemroller/${userRole}`);
  expect(outcomeOf(deleted)).toEqual([204]);
  const after = await town.read<Validity>(path);
  expect(after.fejl.map(({ kode }) => kode)).toEqual(['rolle_findes_ikke']);
  const history = await vendor.read<{ data: { fra: string }[] }>(
    `v1/brugersystemroller/${userRole}/registreringer`,
  );
  expect(after.fejl[0]?.siden).toBe(history.data[0]?.fra);
  expect(await listed()).toEqual([['rolle_findes_ikke']]);
  const other = new Town(service, { cvr: '87654321' });
  expect(outcomeOf(await other.send('GET', path))).toEqual([404, 'findes_ikke']);
});

test('gyldighed: a system that is closed gives no roles, since it was', async () => {
  const { vendor, system, userRole } = await catalogueIn(service);
  const uuid = await made(town.post('jobfunktionsroller', roleBody(userRole)));
  const closed = { tilstande: { tilstand: held({ vaerdi: 'Lukket' }) } };
  const answer = await vendor.change('PATCH', `it-systemer/${system}`, closed);
  const { fra } = jsonOf<{ registrering: { fra: string } }>(answer).registrering;
  const { fejl } = await town.read<Validity>(`v1/jobfunktionsroller/${uuid}/gyldighed`);
  expect(fejl).toEqual([expect.objectContaining({ kode: 'system_lukket', siden: fra })]);
});
