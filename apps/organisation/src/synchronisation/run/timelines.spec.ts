import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEMO_CLIENTS } from '@stoettesystemer/access';
import { Regeltilstand } from '@stoettesystemer/model';
import type { RunningService } from '@stoettesystemer/testing';
import fc from 'fast-check';
import { Directory } from '../spec/directory';
import { all, OPTIONS } from '../spec/made-up-file';
import { runningSynchronisation } from '../spec/running-synchronisation';
import { loraInstant } from '../source/lora-time';
import { filesAt, openSource } from '../source/open-source';

const ROOT = join(__dirname, '../../../../..');
const FILE = resolve(
  ROOT,
  process.env['TEST_DATA'] ?? '../shared/data',
  'organisation/os2mo-oio-rest/very-edited-unit.json',
);
const isThere = existsSync(FILE);
if (!isThere) console.warn(`Skipped: ${FILE} is not here; TEST_DATA names the folder of test data.`);
const withData = isThere ? describe : describe.skip;

let service: RunningService;
beforeAll(async () => {
  service = await runningSynchronisation();
  // Units whose parents are elsewhere, or under anything at all, are what is tried here.
  const body = {
    attributter: {
      egenskaber: [
        { virkning: { fra: '2020-01-01T00:00:00Z' }, tilstand: 'tolerant', begrundelse: 'Til test.' },
      ],
    },
  };
  const path = `/organisation/v1/${Regeltilstand.path}/${DEMO_CLIENTS['demo-fagsystem']!}`;
  expect((await service.send('PUT', path, { body })).status).toBe(201);
});
afterAll(() => service.close());

interface Unit {
  readonly registrering: { readonly nummer: number };
  readonly attributter: { readonly egenskaber?: readonly { enhedNavn: string }[] };
  readonly tilstande: { readonly gyldighed?: readonly { vaerdi: string }[] };
  readonly relationer: { readonly overordnet?: readonly { reference: { uuid: string } }[] };
}
async function read(uuid: string, at: string): Promise<Unit> {
  const answer = await service.send('GET', `/organisation/v1/organisationenheder/${uuid}?virkningstid=${at}`);
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return JSON.parse(answer.text) as Unit;
}
const seen = ({ attributter, tilstande, relationer }: Unit) => ({
  name: (attributter.egenskaber ?? []).map(({ enhedNavn }) => enhedNavn),
  state: (tilstande.gyldighed ?? []).map(({ vaerdi }) => vaerdi),
  parent: (relationer.overordnet ?? []).map(({ reference }) => reference.uuid),
});
const justBefore = (instant: string): string => new Date(Date.parse(instant) - 1).toISOString();

withData('OS2mo’s much edited unit', () => {
  interface LoraItem {
    readonly virkning: { readonly from: string; readonly to: string };
    readonly [member: string]: unknown;
  }
  const holds = ({ virkning: { from, to } }: LoraItem, at: string): boolean => {
    const end = to === 'infinity' ? Infinity : Date.parse(loraInstant(to)!);
    return Date.parse(loraInstant(from)!) <= Date.parse(at) && Date.parse(at) < end;
  };

  it('answers the name, the state and the parent of the file just before and at each edge, and a second time writes nothing', async () => {
    const directory = new Directory(service, 'meget rettet');
    const entries = await all(await openSource(await filesAt(FILE), { ...OPTIONS, name: directory.name }));
    const told = await directory.runEntries(entries, { udfoer: 'true' });
    expect(told.last).toMatchObject({ afvist: 0 });
    const uuid = told.answers.find((each) => each['objekttype'] === 'OrganisationEnhed')!['uuid'] as string;
    const file = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Record<string, LoraItem[]>>;
    const names = file['attributter']!['organisationenhedegenskaber']!;
    const states = file['tilstande']!['organisationenhedgyldighed']!;
    const parents = file['relationer']!['overordnet']!;
    const edges = new Set(
      [...names, ...states, ...parents]
        .flatMap(({ virkning: { from, to } }) => [from, to])
        .filter((edge) => edge !== 'infinity')
        .map((edge) => loraInstant(edge)!),
    );
    expect(edges.size).toBeGreaterThanOrEqual(4);
    for (const at of [...edges].flatMap((edge) => [justBefore(edge), edge]))
      expect([at, seen(await read(uuid, at))]).toEqual([
        at,
        {
          name: names.filter((each) => holds(each, at)).map((each) => each['enhedsnavn']),
          state: states.filter((each) => holds(each, at)).map((each) => each['gyldighed']),
          parent: parents.filter((each) => holds(each, at)).map((each) => each['uuid']),
        },
      ]);
    const again = await directory.runEntries(entries, { udfoer: 'true' });
    expect(again.last).toMatchObject({ oprettet: 0, rettet: 0, uaendret: entries.length });
  });
});

describe('any timeline, after any other', () => {
  const day = (n: number): string => `2021-03-0${n + 1}T00:00:00Z`;
  const DAYS = [...Array(8).keys()];
  const timeline = <T>(value: fc.Arbitrary<T>, isWhole = false) =>
    fc
      .array(fc.option(value, { freq: isWhole ? 1_000_000 : 3 }), { minLength: 8, maxLength: 8 })
      .map((values) =>
        values.flatMap((each, n) =>
          each === null ? [] : [{ fra: day(n), til: n === 7 ? null : day(n + 1), value: each }],
        ),
      );
  const parents = [randomUUID(), randomUUID()];
  const unit = fc.record({
    names: timeline(fc.constantFrom('Skole', 'Skoler', 'Dagtilbud'), true),
    states: timeline(fc.constantFrom('Aktiv', 'Inaktiv')),
    above: timeline(fc.constantFrom(...parents)),
  });
  type Wanted = typeof unit extends fc.Arbitrary<infer T> ? T : never;
  const over = <T>(
    list: readonly { fra: string; til: string | null; value: T }[],
    make: (value: T) => object,
  ) => list.map(({ value, ...virkning }) => ({ virkning, ...make(value) }));
  const lineOf = (uuid: string, { names, states, above }: Wanted) => ({
    objekttype: 'OrganisationEnhed',
    uuid,
    attributter: { egenskaber: over(names, (enhedNavn) => ({ brugervendtNoegle: 'e', enhedNavn })) },
    tilstande: { gyldighed: over(states, (vaerdi) => ({ vaerdi })) },
    relationer: { overordnet: over(above, (target) => ({ reference: { uuid: target } })) },
  });
  const at = <T>(list: readonly { fra: string; til: string | null; value: T }[], n: number): T[] =>
    list.filter(({ fra }) => fra === day(n)).map(({ value }) => value);

  it('reads day by day as it was wanted, and a second time nothing is written', async () => {
    const directory = new Directory(service, 'tidslinjer');
    await fc.assert(
      fc.asyncProperty(unit, unit, async (first, second) => {
        const uuid = randomUUID();
        await directory.run([lineOf(uuid, first)], { udfoer: 'true' });
        const told = await directory.run([lineOf(uuid, second)], { udfoer: 'true' });
        expect(told.last).toMatchObject({ afvist: 0 });
        for (const n of DAYS)
          expect(seen(await read(uuid, day(n)))).toEqual({
            name: at(second.names, n),
            state: at(second.states, n),
            parent: at(second.above, n),
          });
        const again = await directory.run([lineOf(uuid, second)], { udfoer: 'true' });
        expect(again.last).toMatchObject({ oprettet: 0, rettet: 0, uaendret: 1, afvist: 0 });
      }),
      { numRuns: 15 },
    );
  });
});
