import { classificationTypes } from '@stoettesystemer/model';
import type { Declaration } from '@stoettesystemer/object';
import type { Desired } from '@stoettesystemer/organisation';
import { ask, exchange, type PlatformService } from './platform';
import type { Finding } from './send-source';

/** Objects that are read at once. */
const TOGETHER = 500;

type Held = Desired['sections'] & {
  readonly uuid: string;
  readonly ejer: string;
  readonly registrering: { readonly nummer: number };
};

export interface ClassTally {
  ny: number;
  aendret: number;
  uaendret: number;
  afvist: number;
}

const typeOf = (name: string): Declaration => classificationTypes.find((type) => type.name === name)!;
const labelOf = ({ sections }: Desired): string => {
  const { brugervendtNoegle } = sections.attributter?.['egenskaber']?.at(-1) ?? {};
  return typeof brugervendtNoegle === 'string' ? brugervendtNoegle : '';
};

async function heldBy(
  service: PlatformService,
  { path }: Declaration,
  uuids: readonly string[],
): Promise<Map<string, Held>> {
  const held = new Map<string, Held>();
  for (let from = 0; from < uuids.length; from += TOGETHER) {
    const body = { uuid: uuids.slice(from, from + TOGETHER) };
    const answer = await ask(service, 'POST', `/klassifikation/v1/${path}/laes?virkning=alle`, { body });
    for (const each of (answer?.['data'] ?? []) as Held[]) held.set(each.uuid, each);
  }
  return held;
}

/**
 * The classes, facets and classifications of a source: they are Klassifikation's, and what points at them is written after
 * them. What it has that the source does not is left alone.
 */
export async function sendClasses(
  service: PlatformService,
  cvr: string,
  desired: readonly Desired[],
  { executes, found }: { executes: boolean; found(finding: Finding): void },
): Promise<ClassTally> {
  // Read only here: no other command needs it.
  const { difference } = await import('@stoettesystemer/organisation');
  const tally: ClassTally = { ny: 0, aendret: 0, uaendret: 0, afvist: 0 };
  const tell = (
    of: Desired,
    handling: 'ny' | 'aendret' | 'afvist',
    facets: readonly string[],
    faults: readonly string[] = [],
  ) => {
    tally[handling]++;
    found({ handling, type: of.type, uuid: of.uuid, place: of.place, label: labelOf(of), facets, faults });
  };
  for (const name of new Set(desired.map(({ type }) => type))) {
    const type = typeOf(name);
    const own = desired.filter((each) => each.type === name);
    const held = await heldBy(
      service,
      type,
      own.map(({ uuid }) => uuid),
    );
    const fresh: Desired[] = [];
    for (const each of own) {
      const registered = held.get(each.uuid);
      if (!registered) {
        fresh.push(each);
        continue;
      }
      // A common class is the common organisation's to change.
      const change = registered.ejer === cvr ? difference(type, each.sections, registered) : null;
      if (!change) tally.uaendret++;
      else if (!executes) tell(each, 'aendret', change.facets);
      else {
        const headers = { 'if-match': `"${registered.registrering.nummer}"` };
        const path = `/klassifikation/v1/${type.path}/${each.uuid}`;
        const refused = await refusalOf(ask(service, 'PATCH', path, { body: change.change, headers }));
        tell(each, refused === null ? 'aendret' : 'afvist', change.facets, refused ?? []);
      }
    }
    if (!executes) for (const each of fresh) tell(each, 'ny', []);
    else if (fresh.length > 0) await add(service, fresh, tell);
  }
  return tally;
}

async function refusalOf(asked: Promise<unknown>): Promise<string[] | null> {
  const { Refusal } = await import('@stoettesystemer/object');
  try {
    await asked;
    return null;
  } catch (cause) {
    if (!(cause instanceof Refusal) || cause.status >= 500) throw cause;
    return [cause.detail];
  }
}

type Tell = (
  of: Desired,
  handling: 'ny' | 'afvist',
  facets: readonly string[],
  faults?: readonly string[],
) => void;

async function add(service: PlatformService, fresh: readonly Desired[], tell: Tell): Promise<void> {
  async function* lines(): AsyncGenerator<string> {
    for (const { type, uuid, sections } of fresh)
      yield `${JSON.stringify({ objekttype: type, uuid, ...sections })}\n`;
  }
  await exchange(service, '/klassifikation/v1/import', lines(), (answer) => {
    const { linje, status, fejl } = answer as {
      linje?: number;
      status?: number;
      fejl?: { besked: string }[];
    };
    const of = linje === undefined ? undefined : fresh[linje - 1];
    if (!of) return;
    if (status !== undefined && status < 300) tell(of, 'ny', []);
    else
      tell(
        of,
        'afvist',
        [],
        (fejl ?? []).map(({ besked }) => besked),
      );
  });
}
