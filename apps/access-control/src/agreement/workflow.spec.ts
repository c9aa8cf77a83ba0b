import type { RunningService } from '@stoettesystemer/testing';
import { runningAccessControl } from '../spec/running-access-control';
import { held, jsonOf, outcomeOf } from '../spec/town';
import { Parties, statesOf } from './spec/parties';

let service: RunningService;
let at: Parties;
beforeAll(async () => {
  service = await runningAccessControl();
  at = await Parties.in(service);
});
afterAll(() => service.close());

const COMMANDS = ['anmod', 'traek', 'godkend', 'afvis', 'ophaev', 'ny-version'] as const;
type Named = (typeof COMMANDS)[number];
const bodyOf = (command: Named) =>
  command === 'ny-version'
    ? { note: 'Mere', rolle: [{ id: 'b', servicesystemrolle: at.ids.bare }] }
    : { note: 'Fordi' };

/** How an agreement comes to be where the row begins. */
const WAYS: Readonly<Record<string, readonly Named[]>> = {
  Kladde: [],
  Anmodet: ['anmod'],
  Afvist: ['anmod', 'afvis'],
  Trukket: ['anmod', 'traek'],
  Aktiv: ['anmod', 'godkend'],
  'Aktiv med anmodning': ['anmod', 'godkend', 'ny-version'],
  Ophaevet: ['anmod', 'godkend', 'ophaev'],
};
/** What each command leads to; what is not here is refused. */
const LEGAL: Readonly<Record<string, Partial<Record<Named, string>>>> = {
  Kladde: { anmod: 'Anmodet', traek: 'Trukket' },
  Anmodet: { traek: 'Trukket', godkend: 'Aktiv', afvis: 'Afvist' },
  Afvist: { anmod: 'Anmodet' },
  Trukket: { anmod: 'Anmodet' },
  Aktiv: { ophaev: 'Ophaevet', 'ny-version': 'Aktiv' },
  'Aktiv med anmodning': { traek: 'Aktiv', godkend: 'Aktiv', afvis: 'Aktiv', ophaev: 'Ophaevet' },
  Ophaevet: {},
};

const reach = async (state: string): Promise<string> =>
  at.through(await at.draft(), ...WAYS[state]!.map((command) => [command, bodyOf(command)] as const));

describe.each(Object.keys(WAYS))('%s', (state) => {
  test.each(COMMANDS)('%s', async (command) => {
    const uuid = await reach(state);
    const isTheirs = ['godkend', 'afvis', 'ophaev'].includes(command);
    const [right, wrong] = isTheirs ? [at.municipality, at.vendor] : [at.vendor, at.municipality];
    const expected = LEGAL[state]![command];
    if (expected === undefined) {
      expect(outcomeOf(await at.step(right, uuid, command, bodyOf(command)))).toEqual([409, 'trin']);
      return;
    }
    const before = await at.read(uuid);
    expect(outcomeOf(await at.step(wrong, uuid, command, bodyOf(command)))).toEqual([403, 'ingen_rettighed']);
    expect(outcomeOf(await at.step(at.nobody, uuid, command, bodyOf(command)))).toEqual([
      403,
      'ingen_rettighed',
    ]);
    expect(await at.read(uuid)).toEqual(before);
    const answer = await at.step(right, uuid, command, bodyOf(command));
    expect(outcomeOf(answer)).toEqual([200]);
    const after = await at.read(uuid);
    expect(after.registrering.nummer).toBe(before.registrering.nummer + 1);
    expect(after.registrering.note).toBe(bodyOf(command).note);
    expect(statesOf(after).at(-1)).toBe(expected);
  });
});

test('an answer is the agreement with its tag; the tag is needed', async () => {
  const uuid = await at.draft();
  const path = `v1/serviceaftaler/${uuid}/anmod`;
  expect(outcomeOf(await at.vendor.send('POST', path))).toEqual([428, 'if_match_mangler']);
  expect(outcomeOf(await at.vendor.send('POST', path, {}, { 'if-match': '"7"' }))).toEqual([
    412,
    'foraeldet',
  ]);
  expect(outcomeOf(await at.vendor.send('POST', path, {}, { 'if-match': 'W/"1"' }))).toEqual([
    400,
    'if_match',
  ]);
  const answer = await at.vendor.send('POST', path, undefined, { 'if-match': '"1"' });
  expect(answer.headers['etag']).toBe('"2"');
  expect(statesOf(jsonOf(answer))).toEqual(['Kladde', 'Anmodet']);
});

test('a no, and an end, say why', async () => {
  const uuid = await at.through(await at.draft(), 'anmod');
  expect(outcomeOf(await at.municipality.change('POST', `serviceaftaler/${uuid}/afvis`, {}, 2))).toEqual([
    400,
    'ugyldigt_indhold',
  ]);
});

test('T62: a command sent again is answered as the first time', async () => {
  const uuid = await at.draft();
  const headers = { 'if-match': '"1"', 'idempotency-key': '0ae5c9ab-0d0f-4c1c-9d3f-8f9a3f1f8a01' };
  const send = (body: object) => at.vendor.send('POST', `v1/serviceaftaler/${uuid}/anmod`, body, headers);
  const answers = await Promise.all([send({}), send({}), send({})]);
  const first = answers.find((answer) => answer.headers['idempotent-replayed'] === undefined);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(new Set(answers.map(({ text }) => text))).toEqual(new Set([first?.text]));
  expect(outcomeOf(await send({ note: 'Noget andet' }))).toEqual([422, 'idempotens']);
  expect((await at.read(uuid)).registrering.nummer).toBe(2);
});

describe('a test agreement', () => {
  test('is in force when it is asked for, and so is its next version', async () => {
    const uuid = await at.draft({ egenskaber: { aftaletype: 'Test' } });
    expect(outcomeOf(await at.step(at.nobody, uuid, 'anmod'))).toEqual([403, 'ingen_rettighed']);
    await at.through(uuid, 'anmod', ['ny-version', bodyOf('ny-version')]);
    const read = await at.read(uuid, '');
    expect(statesOf(read)).toEqual(['Aktiv']);
    expect(read.attributter['rolle']?.map(({ id }) => id)).toEqual(['b']);
    expect(read.attributter['egenskaber']?.[0]?.['version']).toBe(2);
  });

  test('does not become one for production', async () => {
    const uuid = await at.through(await at.draft({ egenskaber: { aftaletype: 'Test' } }), 'anmod');
    const change = { attributter: { egenskaber: held({ aftaletype: 'Produktion' }) } };
    expect(outcomeOf(await at.patch(at.municipality, uuid, change))).toEqual([422, 'laast']);
  });
});
