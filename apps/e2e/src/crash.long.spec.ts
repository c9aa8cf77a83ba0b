import { killAgainAndAgain } from './spec/kills';

/** Mixed, so that each meets what the other has left behind. */
const KILLS = [...'sdsssdsssdsdssd'] as ('s' | 'd')[];

test('T67, T68: kill -9 of the service ten times and of PostgreSQL five times under load: nothing acknowledged is lost', async () => {
  expect([...KILLS].sort().join('')).toBe(`${'d'.repeat(5)}${'s'.repeat(10)}`);
  await killAgainAndAgain(KILLS);
}, 280_000);
