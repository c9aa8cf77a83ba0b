import type { RunningService } from '@stoettesystemer/testing';
import { runningAccessControl } from '../spec/running-access-control';

let service: RunningService;
beforeAll(async () => {
  service = await runningAccessControl();
});
afterAll(() => service.close());

test('x', async () => {
  const a = await service.send('GET', '/adgangsstyring/v1/serviceaftaler');
  console.log(a.text.slice(0, 1500));
});
