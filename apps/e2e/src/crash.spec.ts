import { killAgainAndAgain } from './spec/kills';

test('T67, T68: kill -9 of the service and of PostgreSQL under load: nothing acknowledged is lost', () =>
  killAgainAndAgain(['s', 'd', 'd']));
