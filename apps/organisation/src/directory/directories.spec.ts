import { randomUUID } from 'node:crypto';
import { parseInstant } from '@stoettesystemer/object';
import type { RunningService } from '@stoettesystemer/testing';
import fc from 'fast-check';
import { ALWAYS, jsonOf, line, named, pointing, runningReads, state, Town } from '../reads/spec/town';
import { Directories } from './directories';
import type { Directory } from './directory';

const OWNER = '12345678';
const NOW = { registrering: 'nu' } as const;
const units = Array.from({ length: 4 }, () => randomUUID());
const functions = Array.from({ length: 6 }, () => randomUUID());

let service: RunningService;
let town: Town;
let kept: Directories;

beforeAll(async () => {
  service = await runningReads();
  town = new Town(service, () => service.token());
  kept = new Directories(service.database);
});
afterAll(() => service.close());

const contents = (directory: Directory) => ({
  units: [...directory.units()].toSorted((a, b) => (a.uuid < b.uuid ? -1 : 1)),
  functions: functions.map((uuid) => directory.function(uuid)),
  under: units.map((uuid) => [...directory.unitsUnder(uuid)].map((unit) => unit.uuid).sort()),
  in: units.map((uuid) => [...directory.functionsIn(uuid)].map((each) => each.uuid).sort()),
});

/** What a directory is that nobody has kept. */
const fresh = async (at: Parameters<Directories['of']>[1] = NOW) =>
  contents(await new Directories(service.database).of(OWNER, at));

const unit = (n: number, over: number) =>
  line('OrganisationEnhed', units[n]!, {
    egenskaber: [named({ enhedNavn: `Under ${over}` })],
    gyldighed: [state(over % 3 === 0 ? 'Inaktiv' : 'Aktiv')],
    relationer: { overordnet: [pointing(units[over]!)] },
  });
const post = (n: number, at: number) =>
  line('OrganisationFunktion', functions[n]!, {
    egenskaber: [named({ funktionNavn: `I ${at}` })],
    relationer: {
      tilknyttedeEnheder: [pointing(units[at]!, { fra: ALWAYS.fra, til: '2024-01-01T00:00:00Z' })],
    },
  });

/** Deletes or passivates it, where it is there. */
async function end(path: string, passive: boolean): Promise<void> {
  const { status, headers } = await town.send('GET', path);
  if (status !== 200) return;
  const ended = await service.send(
    passive ? 'POST' : 'DELETE',
    `/organisation/v1/${path}${passive ? '/passiver' : ''}`,
    {
      headers: { 'if-match': headers['etag'] },
    },
  );
  expect(ended.status).toBeLessThan(300);
}

const step = fc.oneof(
  fc.tuple(fc.nat(3), fc.nat(3)).map(
    ([n, over]) =>
      () =>
        town.bring([unit(n, over)]),
  ),
  fc.tuple(fc.nat(5), fc.nat(3)).map(
    ([n, at]) =>
      () =>
        town.bring([post(n, at)]),
  ),
  fc.tuple(fc.nat(3), fc.boolean()).map(
    ([n, passive]) =>
      () =>
        end(`organisationenheder/${units[n]}`, passive),
  ),
  fc.tuple(fc.nat(5), fc.boolean()).map(
    ([n, passive]) =>
      () =>
        end(`organisationfunktioner/${functions[n]}`, passive),
  ),
);

/** Rights are those of now, whenever it was. */
const bare = ({ units: all, functions: each, ...places }: ReturnType<typeof contents>) => ({
  ...places,
  units: all.map((unit) => ({ ...unit, restrictions: null })),
  functions: each.map((one) => one && { ...one, restrictions: null }),
});

it('is at every question what it would be if it were read anew, whatever was done since the last', async () => {
  for (const make of fc.sample(step, { numRuns: 30, seed: 7 })) {
    await make();
    expect(contents(await kept.of(OWNER, NOW))).toEqual(await fresh());
  }
});

it('goes back to what was known', async () => {
  const mark = randomUUID();
  await town.bring([line('Bruger', mark, { egenskaber: [named({ brugerNavn: 'x' })] })]);
  const { registrering } = jsonOf<{ registrering: { fra: string } }>(
    await town.send('GET', `brugere/${mark}`),
  );
  const was = await fresh();
  const known = { registrering: { at: parseInstant(registrering.fra)! } } as const;
  for (const make of fc.sample(step, { numRuns: 15, seed: 8 })) await make();
  expect(bare(contents(await kept.of(OWNER, known)))).toEqual(bare(was));
  expect(contents(await kept.of(OWNER, NOW))).toEqual(await fresh());
});

it('hears for each who asks what was registered before they asked, however many ask at once', async () => {
  const asked = Array.from({ length: 20 }, async (_, n) => {
    const mine = randomUUID();
    await town.bring([{ ...unit(0, 1 + (n % 3)), uuid: mine }]);
    expect((await kept.of(OWNER, NOW)).unit(mine)).not.toBeNull();
  });
  await Promise.all(asked);
  expect(contents(await kept.of(OWNER, NOW))).toEqual(await fresh());
});

it('keeps each municipality apart', async () => {
  await town.bring([unit(0, 1)]);
  expect((await kept.of('87654321', NOW)).size).toBe(0);
});
