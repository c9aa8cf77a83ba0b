import { DEMO_CLIENTS, DEMO_OWNERS } from '@stoettesystemer/access';
import { Regeltilstand } from '@stoettesystemer/model';
import type { RunningService } from '@stoettesystemer/testing';

/** Lets a demo system write tolerantly, for specs whose objects are no more than what is looked at in them. */
export async function letBeTolerant(
  service: RunningService,
  system = 'demo-fagsystem',
): Promise<RunningService> {
  const virkning = { fra: '2020-01-01T00:00:00Z' };
  const body = {
    attributter: { egenskaber: [{ virkning, tilstand: 'tolerant', begrundelse: 'Til test.' }] },
  };
  for (const cvr of Object.values(DEMO_OWNERS)) {
    const path = `/organisation/v1/${Regeltilstand.path}/${DEMO_CLIENTS[system]!}`;
    const { status, text } = await service.send('PUT', path, { body, token: await service.token({ cvr }) });
    if (status !== 201) throw new Error(`${status} ${text}`);
  }
  return service;
}
