import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { runningAccessControl } from '../spec/running-access-control';
import {
  catalogueIn,
  delegationBody,
  held,
  jsonOf,
  made,
  OTHER_TOWN,
  outcomeOf,
  roleBody,
  systemBody,
  Town,
  TOWN,
} from '../spec/town';
import type { RoleDto } from './role-dto';

let service: RunningService;
let tool: Town;
let catalogue: Awaited<ReturnType<typeof catalogueIn>>;
beforeAll(async () => {
  service = await runningAccessControl();
  tool = new Town(service);
  catalogue = await catalogueIn(service);
});
afterAll(() => service.close());

const PATH = 'xapi/jobfunktionsroller';
const NOBODY = randomUUID();
const dto = (more: object = {}, value: object = { vaerdi: 'ja,nej', dynamisk: false }) => ({
  navn: 'Sagsbehandler',
  entityId: `http://eksempel.dk/roles/jobrole/${randomUUID()}/1`,
  beskrivelse: '',
  organisationCvr: TOWN,
  brugersystemrolleDataafgraensninger: [
    {
      brugersystemrolleUuid: catalogue.userRole,
      dataafgraensningsVaerdier: [
        { ...value, dataafgraensningstypeEntityId: catalogue.type, dataafgraensningstypeNavn: 'En type' },
      ],
    },
  ],
  ...more,
});
const create = async (body: object): Promise<RoleDto & { uuid: string }> => {
  const answer = await tool.send('POST', PATH, body);
  if (answer.status !== 201) throw new Error(answer.text);
  return jsonOf(answer);
};

test('a role is made, read, changed and deleted, as the tools do it; and is the same object as by the other way', async () => {
  const body = dto();
  const first = await create(body);
  expect(first).toEqual({
    ...body,
    uuid: expect.any(String) as string,
    version: 1,
    brugersystemrolleDataafgraensninger: [
      {
        brugersystemrolleUuid: catalogue.userRole,
        dataafgraensningsVaerdier: [
          {
            navn: 'En type',
            vaerdi: 'ja,nej',
            dynamisk: false,
            dataafgraensningstypeEntityId: catalogue.type,
            dataafgraensningstypeNavn: 'En type',
          },
        ],
      },
    ],
  });
  expect(await tool.read(`${PATH}/${first.uuid}`)).toEqual(first);
  const all = await tool.read<RoleDto[]>(PATH);
  expect(all.filter(({ uuid }) => uuid === first.uuid)).toEqual([first]);
  expect(
    await tool.read<{ registrering: object; attributter: object }>(`v1/jobfunktionsroller/${first.uuid}`),
  ).toMatchObject({
    registrering: { nummer: 1 },
    attributter: {
      rolle: [{ brugersystemrolle: catalogue.userRole }],
      afgraensning: [{ dataafgraensningstype: catalogue.type, vaerdier: ['ja', 'nej'] }],
    },
  });

  // Read, modify, write: a new name and description, one value, and nothing else.
  const [given] = first.brugersystemrolleDataafgraensninger;
  const [value] = given!.dataafgraensningsVaerdier!;
  const changed = {
    ...first,
    navn: 'Leder',
    beskrivelse: 'Ser alt',
    brugersystemrolleDataafgraensninger: [
      { ...given!, dataafgraensningsVaerdier: [{ ...value!, vaerdi: 'ja' }] },
    ],
  };
  const put = await tool.send('PUT', `${PATH}/${first.uuid}`, changed);
  expect([put.status, jsonOf(put)]).toEqual([200, { ...changed, version: 2 }]);
  expect(await tool.read(`${PATH}/${first.uuid}`)).toEqual({ ...changed, version: 2 });
  // What differs in nothing is no new version, and what is left out is gone.
  const same = await tool.send('PUT', `${PATH}/${first.uuid}`, jsonOf(put));
  expect([same.status, jsonOf(same)]).toEqual([200, jsonOf(put)]);
  const bare = { ...changed, version: 2, beskrivelse: '', brugersystemrolleDataafgraensninger: [] };
  expect(jsonOf(await tool.send('PUT', `${PATH}/${first.uuid}`, bare))).toEqual({ ...bare, version: 3 });
  // By time, nothing is lost.
  const then = await tool.read<{ data: unknown[] }>(`v1/jobfunktionsroller/${first.uuid}/registreringer`);
  expect(then.data).toHaveLength(3);

  expect((await tool.send('DELETE', `${PATH}/${first.uuid}`)).status).toBe(204);
  for (const method of ['DELETE', 'GET'])
    expect(outcomeOf(await tool.send(method, `${PATH}/${first.uuid}`))).toEqual([404, 'findes_ikke']);
  expect(outcomeOf(await tool.send('PUT', `${PATH}/${first.uuid}`, bare))).toEqual([404, 'findes_ikke']);
});

test('T59: two who have read the same version: one writes', async () => {
  const first = await create(dto());
  const path = `${PATH}/${first.uuid}`;
  const both = await Promise.all(
    ['A', 'B'].map((navn) => tool.send('PUT', path, { ...first, navn, version: 1 })),
  );
  expect(both.map(outcomeOf).sort()).toEqual([[200], [409, 'foraeldet']]);
  expect(outcomeOf(await tool.send('PUT', path, { ...first, version: 1 }))).toEqual([409, 'foraeldet']);
  const { version: _, ...without } = first;
  expect(outcomeOf(await tool.send('PUT', path, without))).toEqual([406, 'version']);
});

test('what is refused is 406 with the reasons', async () => {
  const refused = async (body: unknown) => outcomeOf(await tool.send('POST', PATH, body));
  expect(await refused(dto({}, { vaerdi: 'måske' }))).toEqual([406, 'vaerdi']);
  expect(await refused(dto({}, { vaerdi: 'ja,ja' }))).toEqual([406, 'gentaget']);
  expect(await refused(dto({ navn: '' }))).toEqual([406, 'ugyldigt_indhold']);
  expect(await refused(dto({ uopfundet: 1 }))).toEqual([406, 'ugyldigt_indhold']);
  const unknown = [{ brugersystemrolleUuid: NOBODY, dataafgraensningsVaerdier: [] }];
  expect(await refused(dto({ brugersystemrolleDataafgraensninger: unknown }))).toEqual([
    406,
    'rolle_findes_ikke',
  ]);
  const { entityId } = await create(dto());
  expect(await refused(dto({ entityId }))).toEqual([406, 'entityid_optaget']);
  const answer = await tool.send('POST', PATH, dto({}, { vaerdi: 'måske' }));
  expect(jsonOf<{ fejl: { besked: string }[] }>(answer).fejl[0]!.besked).toContain('værdilisten');
});

test('T40: in another municipality’s name nothing is granted', async () => {
  const answer = await tool.send('POST', PATH, dto({ organisationCvr: OTHER_TOWN }));
  expect(outcomeOf(answer)).toEqual([403, 'myndighed']);
  const first = await create(dto());
  const moved = { ...first, organisationCvr: OTHER_TOWN };
  expect(outcomeOf(await tool.send('PUT', `${PATH}/${first.uuid}`, moved))).toEqual([403, 'myndighed']);
  const other = new Town(service, { cvr: OTHER_TOWN });
  for (const [method, body] of [['GET'], ['PUT', first], ['DELETE']] as const)
    expect(outcomeOf(await other.send(method, `${PATH}/${first.uuid}`, body))).toEqual([404, 'findes_ikke']);
});

test('a dynamic value is told by the name that the IdP has for it', async () => {
  const parameter = 'http://eksempel.dk/id-1/1/parametric';
  const first = await create(dto({}, { vaerdi: parameter, dynamisk: true }));
  const [given] = first.brugersystemrolleDataafgraensninger;
  expect(given!.dataafgraensningsVaerdier).toEqual([
    expect.objectContaining({ vaerdi: parameter, dynamisk: true }),
  ]);
  const still = {
    ...given!,
    dataafgraensningsVaerdier: [{ ...given!.dataafgraensningsVaerdier![0]!, vaerdi: 'ja', dynamisk: false }],
  };
  const put = await tool.send('PUT', `${PATH}/${first.uuid}`, {
    ...first,
    brugersystemrolleDataafgraensninger: [still],
  });
  expect(jsonOf<RoleDto>(put).brugersystemrolleDataafgraensninger).toEqual([still]);
});

test('T40: a role that two are needed for is made, and waits', async () => {
  const { userRole } = await catalogueIn(service, { egenskaber: { kraeverGodkendelse: true } });
  const given = [{ brugersystemrolleUuid: userRole, dataafgraensningsVaerdier: [] }];
  const { uuid } = await create(dto({ brugersystemrolleDataafgraensninger: given }));
  const role = await tool.read<{ tilstande: object; attributter: object }>(`v1/jobfunktionsroller/${uuid}`);
  expect(role.tilstande).toMatchObject({ godkendelse: [{ vaerdi: 'AfventerGodkendelse' }] });
  const privileges = ['adgangsstyring:godkend-rolle'];
  const step = (who: Town) => who.change('POST', `jobfunktionsroller/${uuid}/godkend`);
  expect(outcomeOf(await step(tool.as({ privileges })))).toEqual([403, 'fire_oejne']);
  expect(outcomeOf(await step(tool.as({ privileges, subject: randomUUID() })))).toEqual([200]);
});

test('delegeretTilCvr asks the receiver, who then has the role among its own, to read', async () => {
  const first = await create(dto({ delegeretTilCvr: OTHER_TOWN }));
  expect(first.delegeretTilCvr).toBe(OTHER_TOWN);
  const receiver = new Town(service, { cvr: OTHER_TOWN });
  const theirs = async () => (await receiver.read<RoleDto[]>(PATH)).filter(({ uuid }) => uuid === first.uuid);
  expect(await theirs()).toEqual([]);
  const { data } = await receiver.read<{
    data: { delegation: { uuid: string }; jobfunktionsrolle: { uuid: string } | null }[];
  }>('v1/delegationer/modtagne');
  const { delegation } = data.find(({ jobfunktionsrolle }) => jobfunktionsrolle?.uuid === first.uuid)!;
  const accept = `delegationer/modtagne/${TOWN}/${delegation.uuid}/accepter`;
  expect((await receiver.change('POST', accept)).status).toBe(200);
  expect(await theirs()).toEqual([first]);
  expect(await receiver.read(`${PATH}/${first.uuid}`)).toEqual(first);
  for (const [method, body] of [['PUT', first], ['DELETE']] as const)
    expect(outcomeOf(await receiver.send(method, `${PATH}/${first.uuid}`, body))).toEqual([403, 'delegeret']);

  // Said again, it is as it was; to another, it is theirs no more.
  expect(jsonOf(await tool.send('PUT', `${PATH}/${first.uuid}`, first))).toEqual(first);
  const moved = { ...first, delegeretTilCvr: '11111111' };
  expect(jsonOf<RoleDto>(await tool.send('PUT', `${PATH}/${first.uuid}`, moved)).delegeretTilCvr).toBe(
    '11111111',
  );
  expect(await theirs()).toEqual([]);
  expect(outcomeOf(await tool.send('DELETE', `${PATH}/${first.uuid}`))).toEqual([406, 'i_brug']);
  // The one to the first has ended, and is no use of it.
  const { data: open } = await tool.read<{ data: { uuid: string }[] }>(
    `v1/delegationer?jobfunktionsrolle=${first.uuid}&modtagerCvr=11111111`,
  );
  const [{ uuid: last }] = open as [{ uuid: string }];
  expect(outcomeOf(await tool.change('DELETE', `delegationer/${last}`))).toEqual([204]);
  expect((await tool.send('DELETE', `${PATH}/${first.uuid}`)).status).toBe(204);
});

test('a role that was delegated by the other way is told of here', async () => {
  const { userRole } = catalogue;
  const uuid = await made(tool.post('jobfunktionsroller', roleBody(userRole)));
  await made(tool.post('delegationer', delegationBody(uuid, OTHER_TOWN)));
  expect((await tool.read<RoleDto>(`${PATH}/${uuid}`)).delegeretTilCvr).toBe(OTHER_TOWN);
});

test('systems and their roles: those that the municipality may use, as the tools read them', async () => {
  const { vendor, system, type, typeUuid, userRole } = catalogue;
  const closed = await made(vendor.post('it-systemer', systemBody({ authorities: [OTHER_TOWN] })));
  const idp = await made(vendor.post('it-systemer', systemBody({ types: ['IdentityProvider'] })));
  const systems = await tool.read<{ uuid: string; changedDate: string }[]>(`${PATH}/brugervendtesystemer`);
  const uuids = systems.map(({ uuid }) => uuid);
  expect([system, closed, idp].map((uuid) => uuids.includes(uuid))).toEqual([true, false, false]);
  expect(systems.find(({ uuid }) => uuid === system)).toEqual({
    uuid: system,
    navn: 'Et system',
    organisationNavn: '',
    organisationCvr: '19435075',
    changedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
  });
  expect(await tool.read(`${PATH}/brugervendtesystemer/${system}/roller`)).toEqual([
    expect.objectContaining({
      uuid: userRole,
      navn: 'Sagsbehandler',
      beskrivelse: '',
      dataafgraensningstyper: [
        {
          kraevet: false,
          dataafgraensningstype: {
            uuid: typeUuid,
            entityId: type,
            navn: 'En type',
            beskrivelse: '',
            type: 'MULTI',
            vaerdiListe: [
              { navn: 'ja', vaerdi: 'ja' },
              { navn: 'nej', vaerdi: 'nej' },
            ],
            isCommon: false,
          },
        },
      ],
    }),
  ]);
  for (const uuid of [closed, NOBODY])
    expect(outcomeOf(await tool.send('GET', `${PATH}/brugervendtesystemer/${uuid}/roller`))).toEqual([
      404,
      'findes_ikke',
    ]);
});

test('what has become wrong in a role does not keep its name from being changed', async () => {
  const { vendor, type, typeUuid, userRole } = await catalogueIn(service);
  const value = { vaerdi: 'ja', dataafgraensningstypeEntityId: type };
  const given = [{ brugersystemrolleUuid: userRole, dataafgraensningsVaerdier: [value] }];
  const first = await create(dto({ brugersystemrolleDataafgraensninger: given }));
  const gone = { attributter: { vaerdi: held({ vaerdi: 'ja', slut: true }) } };
  expect((await vendor.change('PATCH', `dataafgraensningstyper/${typeUuid}`, gone)).status).toBe(200);
  const put = await tool.send('PUT', `${PATH}/${first.uuid}`, { ...first, navn: 'Nyt navn' });
  expect([put.status, jsonOf<RoleDto>(put).navn]).toEqual([200, 'Nyt navn']);
});
