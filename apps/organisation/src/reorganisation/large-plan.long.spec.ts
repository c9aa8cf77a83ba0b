import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { runningOrganisation } from '../spec/running-organisation';
import { jsonOf, Town } from './spec/town';

const UNITS = 400;
const POSTS = 5;
const DAY = '2099-01-01T00:00:00Z';

let service: RunningService;
beforeAll(async () => {
  service = await runningOrganisation();
});
afterAll(() => service.close());

it(`closes ${UNITS} units with ${UNITS * POSTS} posts as one, and undoes it`, async () => {
  const town = new Town(service);
  const [root, heir] = [randomUUID(), randomUUID()];
  const units = Array.from({ length: UNITS }, () => randomUUID());
  const posts = units.flatMap((unit) => Array.from({ length: POSTS }, () => [randomUUID(), unit] as const));
  await town.settle(root, [
    town.unit(root, null),
    town.unit(heir, root),
    ...units.map((uuid, at) => town.unit(uuid, at < 20 ? root : units[at % 20]!, { kle: ['27'] })),
    ...posts.map(([uuid, unit]) => town.post(uuid, unit)),
  ]);
  const plan = await town.plan(
    DAY,
    units.map((enhed) => ({ handling: 'Luk', enhed, modtager: heir })),
  );
  const { antal, kanAnvendes } = await town.consequences(plan);
  expect([antal['Lukket'], antal['MedlemTilfoejet'], kanAnvendes]).toEqual([UNITS, UNITS * POSTS, true]);
  const placesAt = async () => {
    const uuid = posts.slice(0, 500).map(([post]) => post);
    const answer = await town.send('POST', `organisationfunktioner/laes?virkningstid=${DAY}`, { uuid });
    const { data } = jsonOf<{
      data: { relationer: { tilknyttedeEnheder: { reference: { uuid: string } }[] } }[];
    }>(answer);
    return data.map(({ relationer }) =>
      relationer.tilknyttedeEnheder.map(({ reference }) => reference.uuid).join(),
    );
  };
  const before = await placesAt();
  expect((await town.apply(plan)).status).toBe(200);
  expect(new Set(await placesAt())).toEqual(new Set([heir]));
  expect((await town.undo(plan)).status).toBe(200);
  expect(await placesAt()).toEqual(before);
}, 600_000);
