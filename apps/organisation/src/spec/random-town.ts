import { randomUUID } from 'node:crypto';
import { COMMON_OWNER, DEMO_CLIENTS, DEMO_OWNERS } from '@stoettesystemer/access';
import { organisationTypes, Regeltilstand } from '@stoettesystemer/model';
import type { Declaration } from '@stoettesystemer/object';
import type { RunningService } from '@stoettesystemer/testing';
import fc from 'fast-check';
import { letBeTolerant } from './tolerance';

export const OWNERS = [...Object.values(DEMO_OWNERS), COMMON_OWNER];
const FROM = { fra: '2020-01-01T00:00:00Z' };
const ENDED = { ...FROM, til: '2021-01-01T00:00:00Z' };
const PLANNED = { fra: '2098-01-01T00:00:00Z' };
/** Ten types, without those by which Organisation is administered. */
export const TEN: readonly Declaration[] = (organisationTypes as readonly Declaration[]).filter(
  ({ name }) => !['Regeltilstand', 'Synkronisering', 'Omorganisering'].includes(name),
);

/** An object as a test knows it. */
export interface Known {
  readonly type: Declaration;
  readonly owner: string;
  readonly uuid: string;
  readonly body: object;
  /** Units that it is reached by now. */
  readonly units: readonly string[];
}

/** The unit that each unit is under, of one municipality. */
export type Parents = Map<string, string | null>;

export interface RandomTown {
  readonly known: readonly Known[];
  readonly parents: ReadonlyMap<string, Parents>;
}

const UNITS = 8;
const NAMES: Readonly<Record<string, object>> = {
  OrganisationEnhed: { enhedNavn: 'Enhed' },
  Bruger: { brugerNavn: 'Bruger' },
  ItSystem: { itSystemNavn: 'System' },
  Adresse: { adresse: 'Vej 1' },
  Person: { navn: 'Åse Prøve', cprNummer: '2512484916' },
  Myndighed: { myndighedskode: '999' },
};

const pointing = (uuid: string, virkning: object = FROM) => ({ virkning, reference: { uuid } });
const bodyOf = ({ name }: Declaration, relationer: object = {}) => ({
  attributter: {
    egenskaber: [{ virkning: FROM, brugervendtNoegle: randomUUID().slice(0, 8), ...NAMES[name] }],
  },
  relationer,
});

/** Three owners, each with a tree of units, functions in them at some time, and something of every other type. */
export async function randomTown(service: RunningService, seed: number): Promise<RandomTown> {
  await letBeTolerant(service);
  await send(service, COMMON_OWNER, 'PUT', `${Regeltilstand.path}/${DEMO_CLIENTS['demo-faelles']!}`, {
    attributter: { egenskaber: [{ virkning: FROM, tilstand: 'tolerant', begrundelse: 'Til test.' }] },
  });
  const known: Known[] = [];
  const parents = new Map<string, Parents>();
  for (const [at, owner] of OWNERS.entries()) {
    const units = Array.from({ length: UNITS }, () => randomUUID());
    const tree: Parents = new Map();
    const pick = fc.sample(fc.nat(UNITS - 1), { numRuns: 100, seed: seed + at })[Symbol.iterator]();
    const next = (): number => pick.next().value!;
    for (const [n, unit] of units.entries()) {
      const over = n === 0 || next() === 0 ? null : units[next() % n]!;
      tree.set(unit, over);
    }
    parents.set(owner, tree);
    const add = (
      type: Declaration,
      relationer?: object,
      units: readonly string[] = [],
      uuid: string = randomUUID(),
    ) => known.push({ type, owner, uuid, body: bodyOf(type, relationer), units });
    for (const type of TEN)
      if (type.name === 'OrganisationEnhed')
        for (const [unit, over] of tree)
          add(type, over === null ? {} : { overordnet: [pointing(over)] }, [unit], unit);
      else if (type.name === 'OrganisationFunktion')
        for (let n = 0; n < UNITS; n++) {
          const [now, then, later] = [units[next()]!, units[next()]!, units[next()]!];
          const [here, more] = [now, ...(n % 3 === 0 ? [] : [units[next()]!])];
          const present = n === 0 ? [] : [...new Set([here!, ...(more === undefined ? [] : [more])])];
          const others = [
            ...(present.includes(then) ? [] : [pointing(then, ENDED)]),
            ...(present.includes(later) || later === then ? [] : [pointing(later, PLANNED)]),
          ];
          add(type, { tilknyttedeEnheder: [...present.map((unit) => pointing(unit)), ...others] }, present);
        }
      else for (let n = 0; n < 2; n++) add(type);
    const lines = known
      .filter((each) => each.owner === owner)
      .map(({ type, uuid, body }) => JSON.stringify({ objekttype: type.name, uuid, ...body }));
    await send(service, owner, 'POST', 'import', lines.join('\n'));
  }
  return { known, parents };
}

export const tokenFor = (service: RunningService, owner: string): Promise<string> =>
  service.token(owner === COMMON_OWNER ? { system: 'demo-faelles', cvr: owner } : { cvr: owner });

async function send(
  service: RunningService,
  owner: string,
  method: string,
  path: string,
  body: object | string,
): Promise<void> {
  const { status, text } = await service.send(method, `/organisation/v1/${path}`, {
    body,
    token: await tokenFor(service, owner),
    headers: typeof body === 'string' ? { 'content-type': 'application/x-ndjson' } : {},
  });
  if (status >= 300 || text.includes('"fejl"')) throw new Error(`${path}: ${status} ${text}`);
}
