import { randomUUID } from 'node:crypto';
import { LEVELS } from '@stoettesystemer/access';
import type { RunningService } from '@stoettesystemer/testing';
import { runningAccessControl } from '../spec/running-access-control';
import { COMMON, held, type Item, made, outcomeOf, pointing, Town, TOWN, typeBody } from '../spec/town';
import { Parties } from './spec/parties';

const RIGHTS = { privileges: ['adgangsstyring:anmod', 'adgangsstyring:godkend'] };
const [one, two] = [randomUUID(), randomUUID()];

let service: RunningService;
let at: Parties;
/** A municipality that is its own vendor: each of its people may both ask and approve. */
let anna: Town;
let bo: Town;
let type: string;
let role: string;
beforeAll(async () => {
  service = await runningAccessControl();
  at = await Parties.in(service);
  const town = new Town(service, { cvr: TOWN });
  [anna, bo] = [town.as({ ...RIGHTS, subject: one }), town.as({ ...RIGHTS, subject: two })];
  type = `http://eksempel.dk/foelsomhed/${randomUUID()}`;
  const levels = typeBody(type, LEVELS, { dimension: 'foelsomhed' });
  await made(at.catalogue.post('dataafgraensningstyper', levels));
  role = await made(
    at.catalogue.post('servicesystemroller', {
      attributter: {
        egenskaber: held({
          navn: 'Se sager',
          entityId: `urn:prove:${randomUUID()}`,
          privilegier: ['ting:laes'],
          organisationCvr: COMMON,
        }),
        dataafgraensning: held({ dataafgraensningstype: type }),
      },
      relationer: { service: pointing(at.ids.service) },
    }),
  );
});
afterAll(() => service.close());

const roles = () => [{ id: 'r', servicesystemrolle: role }];
const limits = (...vaerdier: string[]): Item[] =>
  vaerdier.length === 0 ? [] : [{ id: 'f', rolleId: 'r', dataafgraensningstype: type, vaerdier }];
const draft = (...values: string[]) => at.draft({ roles: roles(), limits: limits(...values) });
const step = async (who: Town, uuid: string, command: string, body: Item = {}) =>
  outcomeOf(await at.step(who, uuid, command, body));

test.each<[string, string[]]>([
  ['the highest level', ['VIP_SAGER']],
  ['all levels', ['*']],
  ['no restriction', []],
])('T40: with %s, who asked does not approve, and another does', async (_, values) => {
  const uuid = await draft(...values);
  expect(await step(anna, uuid, 'anmod')).toEqual([200]);
  expect(await step(anna, uuid, 'godkend')).toEqual([403, 'fire_oejne']);
  expect(await step(bo, uuid, 'godkend')).toEqual([200]);
});

test('below it, one may do both', async () => {
  const uuid = await draft('FOELSOMME_PERSONOPLYSNINGER');
  expect(await step(anna, uuid, 'anmod')).toEqual([200]);
  expect(await step(anna, uuid, 'godkend')).toEqual([200]);
});

test('a new version that reaches further takes two as well, and the old stands meanwhile', async () => {
  const uuid = await draft('IKKE_FORTROLIGE_DATA');
  await step(anna, uuid, 'anmod');
  await step(anna, uuid, 'godkend');
  const wider = { rolle: roles(), afgraensning: limits('VIP_SAGER') };
  expect(await step(bo, uuid, 'ny-version', wider)).toEqual([200]);
  expect(await step(bo, uuid, 'godkend')).toEqual([403, 'fire_oejne']);
  const { attributter } = await at.read(uuid, '');
  expect(attributter['afgraensning']?.map(({ vaerdier }) => vaerdier)).toEqual([['IKKE_FORTROLIGE_DATA']]);
  expect(await step(anna, uuid, 'godkend')).toEqual([200]);
});

test('nobody gets round it: not in another’s name, not unnamed, not with an agreement that is in force at once', async () => {
  const asking = (af: string | null, vaerdi: string) => ({
    ...at.body({ roles: roles(), limits: limits('VIP_SAGER') }),
    attributter: {
      ...at.body({ roles: roles(), limits: limits('VIP_SAGER') }).attributter,
      anmodning: held({ version: 1, ...(af === null ? {} : { af }) }),
    },
    tilstande: { status: held({ vaerdi }) },
  });
  for (const af of [two, null])
    expect(outcomeOf(await anna.post('serviceaftaler', asking(af, 'Anmodet')))).toEqual([422, 'anmoder']);
  // A draft may name whom it likes; who takes it further is the one who asks.
  const uuid = await made(anna.post('serviceaftaler', asking(two, 'Kladde')));
  const fra = new Date().toISOString();
  const asked = { tilstande: { status: [{ virkning: { fra }, vaerdi: 'Anmodet' }] } };
  expect(outcomeOf(await at.patch(anna, uuid, asked))).toEqual([422, 'anmoder']);
  expect(await step(anna, uuid, 'anmod')).toEqual([200]);
  expect(await step(anna, uuid, 'godkend')).toEqual([403, 'fire_oejne']);
  const {
    anmodning: _,
    anmodetRolle: __,
    anmodetAfgraensning: ___,
    egenskaber,
    ...rest
  } = asking(null, 'Aktiv').attributter as Record<string, Item[]>;
  const atOnce = {
    ...asking(null, 'Aktiv'),
    attributter: {
      ...rest,
      egenskaber: egenskaber!.map((each) => ({ ...each, version: 1 })),
      rolle: held(...roles()),
      afgraensning: held(...limits('VIP_SAGER')),
    },
  };
  expect(outcomeOf(await anna.send('PUT', `v1/serviceaftaler/${randomUUID()}`, atOnce))).toEqual([
    403,
    'fire_oejne',
  ]);
});

test('rights across municipalities are given by two of the common organisation', async () => {
  const common = new Town(service, { system: 'demo-faelles', cvr: COMMON });
  const [asks, approves] = [common.as({ ...RIGHTS, subject: one }), common.as({ ...RIGHTS, subject: two })];
  const crossing = at.body({ roles: [{ id: 'r', servicesystemrolle: at.ids.crossing }], limits: [] });
  const uuid = await made(asks.post('serviceaftaler', crossing));
  const take = async (who: Town, command: string, nummer: number) =>
    outcomeOf(await who.change('POST', `serviceaftaler/${uuid}/${command}`, {}, nummer));
  expect(await take(asks, 'anmod', 1)).toEqual([200]);
  expect(await take(asks, 'godkend', 2)).toEqual([403, 'fire_oejne']);
  expect(await take(approves, 'godkend', 2)).toEqual([200]);
});
