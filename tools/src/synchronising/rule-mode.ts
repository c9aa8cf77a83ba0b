import { Refusal } from '@stoettesystemer/object';
import { ask, type PlatformService } from './platform';

interface Registered {
  readonly registrering: { readonly nummer: number };
  readonly attributter: { readonly egenskaber: readonly { readonly tilstand: string }[] };
}

const pathOf = (system: string): string => `/organisation/v1/regeltilstande/${system}`;

async function registered(service: PlatformService, system: string): Promise<Registered | null> {
  try {
    return (await ask(service, 'GET', pathOf(system))) as unknown as Registered;
  } catch (cause) {
    if (cause instanceof Refusal && cause.status === 404) return null;
    throw cause;
  }
}

/** How the rules are to be taken, by what is asked for. */
export interface RuleWish {
  readonly executes: boolean;
  /** Why the it-system is to write tolerantly; undefined where that is not asked for. */
  readonly why: string | undefined;
  tell(text: string): void;
}

const TOLERANT = 'det, der bryder reglerne, skrives, og kan ses i /organisation/v1/afvigelser.';

/**
 * Several roots in one organisation break a rule, and an it-system may be let off the rules (Regeltilstand). Which it is, is
 * told before anything is written: nobody is to find out afterwards.
 * @throws Refusal where a source with several roots would be written by a strict system.
 */
export async function settleRules(
  service: PlatformService,
  roots: number,
  { executes, why, tell }: RuleWish,
): Promise<void> {
  const { system } = service;
  const mode = await registered(service, system);
  const severalRoots =
    roots > 1 ? `Kilden har ${roots} rødder i samme organisation, og reglen er: én rod. ` : '';
  if (mode?.attributter.egenskaber[0]?.tilstand === 'tolerant')
    return tell(`${severalRoots}It-systemet ${system} skriver tolerant: ${TOLERANT}`);
  if (why !== undefined) {
    const from = executes ? 'skriver fra nu af' : 'kommer til at skrive';
    tell(`${severalRoots}It-systemet ${system} ${from} tolerant (${pathOf(system)}): ${TOLERANT}`);
    if (executes) await becomeTolerant(service, system, why, mode);
    return;
  }
  if (roots <= 1) return;
  const text =
    `${severalRoots}It-systemet ${system} skriver strengt, så kilden ville blive afvist. Sig --tolerant BEGRUNDELSE, ` +
    'hvis den skal skrives, som den er; så skriver it-systemet tolerant fra da af.';
  if (executes) throw new Refusal(422, 'rod', `${text} Intet er skrevet.`);
  tell(text);
}

/** @throws Refusal where the agreement does not give it. */
async function becomeTolerant(
  service: PlatformService,
  system: string,
  why: string,
  mode: Registered | null,
): Promise<void> {
  const virkning = { fra: new Date().toISOString() };
  const egenskaber = [{ virkning, tilstand: 'tolerant', begrundelse: why }];
  await ask(service, 'PUT', pathOf(system), {
    body: { attributter: { egenskaber } },
    headers: mode ? { 'if-match': `"${mode.registrering.nummer}"` } : {},
  });
}
