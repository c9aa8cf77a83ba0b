import { randomUUID } from 'node:crypto';
import {
  allows,
  type Caller,
  COMMON_OWNER,
  conditionFor,
  DEMO_CLIENTS,
  DEMO_OWNERS,
  type PrivilegeGroup,
  type ScopeEntry,
  type Verb,
  withUnits,
} from '@stoettesystemer/access';
import { now } from '@stoettesystemer/object';
import { type Answer, callerOf, privilegesOf, type RunningService } from '@stoettesystemer/testing';
import fc from 'fast-check';
import { type Asker, may, mayAtAll, sees } from './spec/naive-sight';
import { type Known, OWNERS, randomTown, type RandomTown, TEN, tokenFor } from './spec/random-town';
import { runningOrganisation } from './spec/running-organisation';
import { RegisteredUnits } from './units/registered-units';

const SEED = Number(process.env['SEED'] ?? 4711);
const CALLERS = Number(process.env['CALLERS'] ?? 25);
const VERBS: readonly Verb[] = ['laes', 'skriv', 'slet', 'importer', 'historik'];
const FROM = { fra: '2020-01-01T00:00:00Z' };

let service: RunningService;
let town: RandomTown;
const numbers = new Map<string, number>();
beforeAll(async () => {
  service = await runningOrganisation();
  town = await randomTown(service, SEED);
  for (const { uuid } of town.known) numbers.set(uuid, 1);
});
afterAll(() => service.close());

/** What every installation has is none of the town's. */
const ours = (uuids: Iterable<string>): string[] => [...uuids].filter((uuid) => numbers.has(uuid)).sort();
const jsonOf = <T>({ text }: Answer): T => JSON.parse(text) as T;
const EVERY = privilegesOf(TEN);

/** Any caller: an it-system, alone or with a user, with groups that reach some units, all or none. */
function askers(): fc.Arbitrary<Asker> {
  const units = town.known.filter(({ type }) => type.name === 'OrganisationEnhed').map(({ uuid }) => uuid);
  const rod = fc.constantFrom(...units);
  const unit = fc.oneof(
    { weight: 3, arbitrary: fc.record({ rod, undertrae: fc.boolean() }) },
    { weight: 2, arbitrary: rod },
    { weight: 1, arbitrary: fc.constant('*') },
  );
  const constraints = fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record(
        {
          orgenhed: fc.array(unit, { minLength: 1, maxLength: 4 }),
          senavn: fc.constantFrom('*', 'ja', 'nej', ['ja'], ['nej']),
          'secpr-nummer': fc.constantFrom('*', 'ja', 'nej'),
        },
        { requiredKeys: [] },
      ) as fc.Arbitrary<PrivilegeGroup['constraints']>,
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<PrivilegeGroup['constraints']>(
        { orgenhed: [] },
        { kle: '*' },
        { senavn: 'måske' },
        { 'secpr-nummer': ['ja', 'nej'] },
      ),
    },
  );
  const group = (kind: PrivilegeGroup['kind']) =>
    fc.record({
      kind: fc.constant(kind),
      // Not too many of them: a token is sent in a header.
      privileges: fc.oneof(
        { weight: 1, arbitrary: fc.constant(EVERY) },
        { weight: 1, arbitrary: fc.subarray(EVERY, { minLength: 1, maxLength: 30 }) },
      ),
      constraints,
    });
  return fc
    .record({
      owner: fc.constantFrom(...OWNERS),
      system: fc.array(group('system'), { minLength: 1, maxLength: 2 }),
      user: fc.array(group('user'), { maxLength: 2 }),
      hasUser: fc.nat(2).map((n) => n === 0),
    })
    .map(({ owner, system, user, hasUser }) => ({
      owner,
      hasUser,
      groups: hasUser ? [...system, ...user] : system,
    }));
}

const tally = { pairs: 0, seen: 0, barred: 0, moved: 0, veiled: 0, bare: 0 };

describe('every way to an object of the ten types', () => {
  it('leads to it or does not, as the rules say, while units are moved, and all agree', async () => {
    const { rows } = await service.database.run(
      { owner: null, role: 'stoette_opslag' },
      { name: 'scopes', text: 'select id, scopes::text from object' },
    );
    const scopes = new Map(
      rows.map(({ id, scopes: some }) => [id as string, JSON.parse(some as string) as ScopeEntry[]]),
    );
    const move = fc.record({ owner: fc.constantFrom(...OWNERS), unit: fc.nat(7), over: fc.nat(8) });
    await fc.assert(
      fc.asyncProperty(askers(), fc.array(move, { maxLength: 2 }), fc.nat(9), async (asker, moves, share) => {
        for (const each of moves) await moveUnit(each);
        await check(asker, scopes, share);
      }),
      { numRuns: CALLERS, seed: SEED, endOnFailure: true },
    );
    expect(tally.seen).toBeGreaterThan(tally.pairs / 20);
    expect(tally.seen).toBeLessThan(tally.pairs * 0.9);
    expect(Math.min(tally.barred, tally.moved, tally.veiled, tally.bare)).toBeGreaterThan(0);
  }, 240_000);
});

/** Moves a unit for all its time, unless it would come under itself. */
async function moveUnit({ owner, unit, over }: { owner: string; unit: number; over: number }) {
  const parents = town.parents.get(owner)!;
  const uuids = [...parents.keys()];
  const [uuid, to] = [uuids[unit]!, over === uuids.length ? null : uuids[over]!];
  const reference = to === null ? null : { uuid: to };
  const answer = await service.send('PATCH', `/organisation/v1/organisationenheder/${uuid}`, {
    body: { relationer: { overordnet: [{ virkning: FROM, reference }] } },
    headers: { 'if-match': `"${numbers.get(uuid)}"` },
    token: await tokenFor(service, owner),
  });
  if (answer.status !== 200) return expect(answer.status).toBe(422);
  numbers.set(uuid, jsonOf<{ registrering: { nummer: number } }>(answer).registrering.nummer);
  parents.set(uuid, to);
  tally.moved++;
  return undefined;
}

async function check(asker: Asker, scopes: ReadonlyMap<string, readonly ScopeEntry[]>, share: number) {
  const system = asker.owner === COMMON_OWNER ? 'demo-faelles' : 'demo-fagsystem';
  const subject = asker.hasUser ? randomUUID() : undefined;
  const token = await service.tokenOf(asker.groups, { system, cvr: asker.owner }, subject);
  const caller = await withUnits(
    callerOf({
      service: 'organisation',
      owner: asker.owner,
      types: TEN,
      // A group that a service does not understand gives nothing (A7).
      groups: asker.groups.map((group) =>
        'kle' in group.constraints ? { ...group, privileges: [] } : group,
      ),
      system: DEMO_CLIENTS[system]!,
      ...(subject === undefined ? {} : { subject }),
    }),
    RegisteredUnits.in(service.database),
  );
  const parents = town.parents.get(asker.owner)!;
  const wanted = (verb: Verb, some: readonly Known[]) =>
    some
      .filter((known) => may(asker, parents, verb, known))
      .map(({ uuid }) => uuid)
      .sort();

  for (const type of TEN) {
    const all = town.known.filter((known) => known.type === type);
    const sql = await inSql(caller, type);
    for (const verb of VERBS) {
      const casl = all.filter(({ owner, uuid }) =>
        allows(caller, type, verb, { owner, scopes: scopes.get(uuid)! }),
      );
      const found = { casl: ours(casl.map(({ uuid }) => uuid)), sql: ours(sql.get(verb) ?? []) };
      const expected = wanted(verb, all);
      expect([type.name, verb, found]).toEqual([type.name, verb, { casl: expected, sql: expected }]);
    }
    await checkOverHttp(asker, token, type, all, wanted, share);
    tally.pairs += all.length;
    tally.seen += wanted('laes', all).length;
  }
  await checkFeed(asker, token, wanted);
}

/** What the condition of each verb lets through, past the row-level security of the caller's municipality. */
async function inSql(caller: Caller, type: Known['type']): Promise<Map<Verb, string[]>> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const parts = VERBS.map((verb) => {
    const seen = conditionFor(caller, type, verb, { object: 'o', moment: () => bind(`${now()}`), bind });
    return `select '${verb}' as verb, id from object o where type = '${type.name}' and (${seen})`;
  });
  const { rows } = await service.database.run(
    { owner: null, role: 'stoette_opslag' },
    { name: `sql-${randomUUID()}`, text: parts.join(' union all '), values },
  );
  return new Map(
    VERBS.map((verb) => [verb, rows.filter((row) => row['verb'] === verb).map(({ id }) => id as string)]),
  );
}

async function checkOverHttp(
  asker: Asker,
  token: string,
  type: Known['type'],
  all: readonly Known[],
  wanted: (verb: Verb, some: readonly Known[]) => string[],
  share: number,
) {
  const at = (...rest: string[]) => [`/organisation/v1/${type.path}`, ...rest].join('/');
  const send = (method: string, path: string, body?: object | string) =>
    service.send(method, path, {
      token,
      body,
      headers: typeof body === 'string' ? { 'content-type': 'application/x-ndjson' } : {},
    });
  const uuids = all.map(({ uuid }) => uuid);
  const some = all.filter((_, n) => n % 10 === share);
  const one = async (path: (uuid: string) => string): Promise<string[]> => {
    const found: string[] = [];
    for (const { uuid } of some) {
      const { status } = await send('GET', path(uuid));
      if (status === 200) found.push(uuid);
      else expect(status).toBe(404);
    }
    return found.sort();
  };
  const visible = wanted('laes', all);
  const search = await send('POST', at('soegninger'), { udtryk: null, vis: 'uuid', antal: true, limit: 500 });
  const many = await send('POST', at('laes'), { uuid: uuids });
  if (mayAtAll(asker, type.name, 'laes')) {
    const { data, antal } = jsonOf<{ data: string[]; antal: number }>(search);
    expect(antal).toBe(data.length);
    expect([type.name, 'soeg', ours(data)]).toEqual([type.name, 'soeg', visible]);
    const read = jsonOf<{ data: { uuid: string }[] }>(many).data;
    expect([type.name, 'laes', read.map(({ uuid }) => uuid).sort()]).toEqual([type.name, 'laes', visible]);
    expect([type.name, 'GET', await one((uuid) => at(uuid))]).toEqual([
      type.name,
      'GET',
      wanted('laes', some),
    ]);
    if (type.name === 'Person') checkVeil(asker, many);
  } else {
    tally.barred++;
    expect([search.status, many.status]).toEqual([403, 403]);
  }
  if (mayAtAll(asker, type.name, 'historik'))
    expect([type.name, 'historik', await one((uuid) => at(uuid, 'registreringer'))]).toEqual([
      type.name,
      'historik',
      wanted('historik', some),
    ]);
  // Each line says what the object already is, so that only a right can stand in its way.
  const own = all.filter(({ owner, uuid }) => owner === asker.owner && numbers.get(uuid) === 1);
  const lines = own.map(({ uuid, body }) => JSON.stringify({ objekttype: type.name, uuid, ...body }));
  const judged = await send('POST', '/organisation/v1/import?valider=kun', lines.join('\n'));
  if (judged.status === 403) return;
  const fine = judged.text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { uuid?: string; status?: number })
    .filter(({ status }) => status === 200);
  const isShown =
    type.name !== 'Person' || (sees(asker, 'senavn', 'importer') && sees(asker, 'secpr-nummer', 'importer'));
  const expected = isShown ? wanted('importer', own) : [];
  expect([type.name, 'import', fine.map(({ uuid }) => uuid).sort()]).toEqual([type.name, 'import', expected]);
}

function checkVeil(asker: Asker, many: Answer) {
  interface Shown {
    readonly attributter: {
      readonly egenskaber: readonly [{ navn: string | null; cprNummer: string | null }];
    };
  }
  const isShown = [sees(asker, 'senavn', 'laes'), sees(asker, 'secpr-nummer', 'laes')];
  for (const { attributter } of jsonOf<{ data: Shown[] }>(many).data) {
    const [{ navn, cprNummer }] = attributter.egenskaber;
    expect([navn !== null, cprNummer !== null]).toEqual(isShown);
    tally[isShown.every(Boolean) ? 'bare' : 'veiled']++;
  }
}

async function checkFeed(
  asker: Asker,
  token: string,
  wanted: (verb: Verb, some: readonly Known[]) => string[],
) {
  const heard = new Set<string>();
  for (let after = 0; ;) {
    const answer = await service.send('GET', `/organisation/v1/haendelser?efter=${after}&limit=500`, {
      token,
    });
    if (answer.status === 403) break;
    const events = jsonOf<{ subject: string; sequence: string }[]>(answer);
    const last = events.at(-1);
    if (!last) break;
    for (const { subject } of events) heard.add(subject);
    after = Number(last.sequence);
  }
  const visible = wanted('laes', town.known);
  expect(['feed', ours(heard)]).toEqual(['feed', visible]);
}

it('is asked of two municipalities and the common organisation', () => {
  expect(OWNERS).toEqual([...Object.values(DEMO_OWNERS), COMMON_OWNER]);
  expect(TEN).toHaveLength(10);
});
