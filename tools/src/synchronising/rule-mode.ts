import { decodeJwt } from 'jose';
import { Refusal } from '@stoettesystemer/object';
import { ask, type PlatformService } from './platform';

/** The it-system that a token is of, and whether its writing is taken strictly (Regeltilstand). */
export interface RuleMode {
  readonly system: string;
  readonly isTolerant: boolean;
}

const pathOf = (system: string): string => `/organisation/v1/regeltilstande/${system}`;

export async function ruleMode(service: PlatformService): Promise<RuleMode> {
  const { client_id: system } = decodeJwt<{ client_id?: string }>(await service.token());
  if (system === undefined)
    throw new Refusal(403, 'token', 'Tokenet siger ikke, hvilket it-system det er til.');
  const found = await ask(service, 'GET', pathOf(system)).catch((cause: unknown) => {
    if (cause instanceof Refusal && cause.status === 404) return null;
    throw cause;
  });
  const { egenskaber = [] } = (found?.['attributter'] ?? {}) as { egenskaber?: { tilstand: string }[] };
  return { system, isTolerant: egenskaber[0]?.tilstand === 'tolerant' };
}

/** From now on what the it-system writes is taken tolerantly. @throws Refusal where the agreement does not give it. */
export async function becomeTolerant(service: PlatformService, system: string, why: string): Promise<void> {
  const { registrering } = ((await ask(service, 'GET', pathOf(system)).catch((cause: unknown) => {
    if (cause instanceof Refusal && cause.status === 404) return null;
    throw cause;
  })) ?? {}) as { registrering?: { nummer: number } };
  const virkning = { fra: new Date().toISOString() };
  const egenskaber = [{ virkning, tilstand: 'tolerant', begrundelse: why }];
  await ask(service, 'PUT', pathOf(system), {
    body: { attributter: { egenskaber } },
    headers: registrering ? { 'if-match': `"${registrering.nummer}"` } : {},
  });
}
