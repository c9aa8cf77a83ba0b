import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { runningAccessControl } from '../spec/running-access-control';
import { COMMON, type Item, jsonOf, made, outcomeOf, systemBody } from '../spec/town';
import { type AgreementParts, KLE, Parties, VENDOR } from './spec/parties';

let service: RunningService;
let at: Parties;
beforeAll(async () => {
  service = await runningAccessControl();
  at = await Parties.in(service);
});
afterAll(() => service.close());

const limit = (more: Item = {}) => ({
  id: 'k',
  rolleId: 'r',
  dataafgraensningstype: KLE,
  vaerdier: ['27.*'],
  ...more,
});
const role = (servicesystemrolle: string, id = 'r') => ({ id, servicesystemrolle });
const faultsOf = (answer: { text: string }) =>
  jsonOf<{ fejl: { sti: string; kode: string; besked: string }[] }>({ ...answer, status: 422, headers: {} })
    .fejl;
const system = (parts: Parameters<typeof systemBody>[0]) =>
  made(
    at.catalogue.post(
      'it-systemer',
      systemBody({
        types: ['Anvendersystem'],
        ...parts,
        egenskaber: { organisationCvr: VENDOR, ...parts?.egenskaber },
      }),
    ),
  );

const two = (number: number): string => String(number).padStart(2, '0');
const kle = (at: number): string => `27.${two(Math.floor(at / 100))}.${two(at % 100)}`;
const ROLES = '/attributter/anmodetRolle';
const LIMITS = '/attributter/anmodetAfgraensning';
const SYSTEM = '/relationer/anvendersystem';

test.each<[string, () => Promise<Partial<AgreementParts>> | Partial<AgreementParts>, string, string]>([
  ['a system that is not there', () => ({ system: randomUUID() }), 'ukendt_system', SYSTEM],
  [
    'a system that calls nothing',
    async () => ({ system: await system({ types: ['Serviceudbyder'] }) }),
    'systemtype',
    SYSTEM,
  ],
  [
    'another’s system',
    async () => ({ system: await system({ egenskaber: { organisationCvr: COMMON } }) }),
    'leverandoer',
    SYSTEM,
  ],
  [
    'a system for others',
    async () => ({ system: await system({ authorities: ['87654321'] }) }),
    'myndighedsafgraensning',
    SYSTEM,
  ],
  ['a service that is not there', () => ({ service: randomUUID() }), 'ukendt_service', '/relationer/service'],
  ['a role that is not there', () => ({ roles: [role(randomUUID())] }), 'ukendt_rolle', ROLES],
  [
    'a role for all municipalities',
    () => ({ roles: [role(at.ids.crossing)], limits: [] }),
    'tvaergaaende',
    ROLES,
  ],
  [
    'a role of another service',
    async () => ({ roles: [role((await Parties.in(service)).ids.role)] }),
    'service',
    ROLES,
  ],
  [
    'a restriction of no role',
    () => ({ limits: [limit(), limit({ id: 'x', rolleId: 'y' })] }),
    'rolle',
    LIMITS,
  ],
  ['the same restriction twice', () => ({ limits: [limit(), limit({ id: 'x' })] }), 'gentaget', LIMITS],
  [
    'a restriction that the role cannot carry',
    () => ({ roles: [role(at.ids.bare)] }),
    'afgraensning',
    LIMITS,
  ],
  ['a value that is none', () => ({ limits: [limit({ vaerdier: ['27'] })] }), 'vaerdi', LIMITS],
  ['no value', () => ({ limits: [limit({ vaerdier: [] })] }), 'vaerdi', LIMITS],
  [
    'what no token has room for (A8)',
    () => ({ limits: [limit({ vaerdier: Array.from({ length: 600 }, (_, at) => kle(at)) })] }),
    'token_for_stort',
    LIMITS,
  ],
])('%s is refused, in a draft too', async (_, parts, kode, sti) => {
  const answer = await at.vendor.post('serviceaftaler', at.body(await parts()));
  expect(outcomeOf(answer)).toEqual([422, kode]);
  expect(faultsOf(answer)[0]?.sti).toBe(sti);
});

test('a system for this municipality will do, and a fault tells the rule', async () => {
  const ours = await system({ authorities: ['12345678'] });
  await at.draft({ system: ours });
  const answer = await at.vendor.post('serviceaftaler', at.body({ limits: [limit({ vaerdier: ['2.7'] })] }));
  expect(faultsOf(answer)[0]?.besked).toContain('\\d\\d\\.\\*');
});

test.each<[string, () => Partial<AgreementParts>, string]>([
  ['a role', () => ({ roles: [], limits: [] }), 'paakraevet'],
  ['a restriction that it must have', () => ({ limits: [] }), 'paakraevet'],
])('a draft may lack %s; what is asked for may not', async (_, parts, kode) => {
  const uuid = await at.draft(parts());
  expect(outcomeOf(await at.step(at.vendor, uuid, 'anmod'))).toEqual([422, kode]);
});

test('a new version is judged as the first one was, and told where in the command it is wrong', async () => {
  const uuid = await at.through(await at.draft(), 'anmod', 'godkend');
  const ask = (body: Item) => at.step(at.vendor, uuid, 'ny-version', body);
  const missing = await ask({ rolle: [role(at.ids.role)] });
  expect([outcomeOf(missing), faultsOf(missing)[0]?.sti]).toEqual([[422, 'paakraevet'], '/afgraensning']);
  const unknown = await ask({ rolle: [role(randomUUID())] });
  expect([outcomeOf(unknown), faultsOf(unknown)[0]?.sti]).toEqual([[422, 'ukendt_rolle'], '/rolle']);
  const odd = await ask({ rolle: [{ ...role(at.ids.bare), ukendt: 1 }] });
  expect([outcomeOf(odd), faultsOf(odd)[0]?.sti]).toEqual([[400, 'ugyldigt_indhold'], '/rolle/0/ukendt']);
  expect(outcomeOf(await ask({ rolle: 'r' }))).toEqual([400, 'ugyldigt_indhold']);
  expect(outcomeOf(await ask({ rolle: [role(at.ids.bare)], fra: 'i morgen' }))).toEqual([
    400,
    'ugyldigt_indhold',
  ]);
});

test('what has become wrong meanwhile is not approved, but can be refused', async () => {
  const one = await system({});
  const uuid = await at.through(await at.draft({ system: one }), 'anmod');
  const closed = {
    tilstande: { tilstand: [{ virkning: { fra: '2000-01-01T00:00:00Z' }, vaerdi: 'Lukket' }] },
  };
  expect(outcomeOf(await at.catalogue.change('PATCH', `it-systemer/${one}`, closed))).toEqual([200]);
  expect(outcomeOf(await at.step(at.municipality, uuid, 'godkend'))).toEqual([422, 'lukket']);
  expect(outcomeOf(await at.step(at.municipality, uuid, 'afvis', { note: 'Lukket' }))).toEqual([200]);
});
