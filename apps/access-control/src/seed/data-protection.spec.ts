import { DEMO_CLIENTS } from '@stoettesystemer/access';
import type { RunningService } from '@stoettesystemer/testing';
import { runningAccessControl } from '../spec/running-access-control';

const IRREVOCABLE = ['organisation:anonymiser', 'organisation:fysiskslet'];

let service: RunningService;
beforeAll(async () => {
  service = await runningAccessControl();
});
afterAll(() => service.close());

async function mayDo(system: string, handling: string): Promise<boolean> {
  const privileges = ['adgangsstyring:forklar', 'serviceaftale:skriv', 'serviceaftale:laes'];
  const body = { system: DEMO_CLIENTS[system], service: 'organisation', handling };
  const token = await service.tokenAs({}, { privileges });
  const { text } = await service.send('POST', '/adgangsstyring/v1/forklaringer', { body, token });
  return (JSON.parse(text) as { tilladt: boolean }).tilladt;
}

test('what cannot be undone is given by a role of its own, and by no ordinary one', async () => {
  for (const handling of IRREVOCABLE) {
    expect([handling, await mayDo('demo-kommune', handling)]).toEqual([handling, true]);
    for (const system of ['demo-fagsystem', 'demo-begraenset'])
      expect([system, handling, await mayDo(system, handling)]).toEqual([system, handling, false]);
  }
  for (const handling of ['person:slet', 'organisationenhed:slet', 'person:historik'])
    expect([handling, await mayDo('demo-kommune', handling)]).toEqual([handling, true]);
  expect(await mayDo('demo-kommune', 'person:skriv')).toBe(false);
  expect(await mayDo('demo-fagsystem', 'person:skriv')).toBe(true);
});
