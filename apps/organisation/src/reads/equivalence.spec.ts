import { randomUUID } from 'node:crypto';
import { FUNCTION_TYPES } from '@stoettesystemer/model';
import type { RunningService } from '@stoettesystemer/testing';
import fc from 'fast-check';
import { compareTrees } from '../tree/compare-trees';
import type { Member, OrganisationTree, Task, TreeUnit } from '../tree/organisation-tree';
import { matchOf } from './responsibility';
import { line, named, pointing, runningReads, state, task, Town, type Virkning } from './spec/town';

const YEARS = [2021, 2022, 2023, 2024];
const at = (year: number) => `${year}-01-01T00:00:00Z`;
const MOMENTS = YEARS.map((year) => `${year}-07-01T00:00:00Z`);
const [UNITS, POSTS, USERS] = [14, 24, 6];
const KLE = ['27', '27.18', '27.18.02', '28.03'];
const KLASSER = KLE.map(() => randomUUID());
const TYPES = [FUNCTION_TYPES.enhedsrolle, FUNCTION_TYPES.lederrolle, FUNCTION_TYPES.henvendelsessted];

/** Stretches of time, each with something in it or nothing. */
const stretches = <T>(values: fc.Arbitrary<T | null>) =>
  fc
    .tuple(...YEARS.map(() => values))
    .map((found) =>
      found.flatMap((value, n): { value: T; virkning: Virkning }[] =>
        value === null
          ? []
          : [{ value: value as T, virkning: { fra: at(YEARS[n]!), til: at(YEARS[n]! + 1) } }],
      ),
    );
const below = (count: number) => fc.nat(count - 1);
const maybe = (count: number) => fc.option(below(count), { nil: null });

const unitPlan = fc.record({
  names: stretches(below(3)),
  states: stretches(fc.constantFrom('Aktiv', 'Aktiv', 'Aktiv', 'Inaktiv', null)),
  parents: stretches(maybe(UNITS)),
  tasks: fc.array(below(KLE.length), { maxLength: 2 }),
});
const postPlan = fc.record({
  states: stretches(fc.constantFrom('Aktiv', 'Aktiv', 'Inaktiv', null)),
  units: stretches(maybe(UNITS)),
  users: stretches(maybe(USERS)),
  type: fc.constantFrom(...TYPES, null),
});
const plans = fc.record({
  units: fc.array(unitPlan, { minLength: UNITS, maxLength: UNITS }),
  posts: fc.array(postPlan, { minLength: POSTS, maxLength: POSTS }),
});
type Plans = typeof plans extends fc.Arbitrary<infer T> ? T : never;

const [units, posts, users] = [UNITS, POSTS, USERS].map((count) =>
  Array.from({ length: count }, () => randomUUID()),
) as [string[], string[], string[]];

function* objectsOf({ units: unitPlans, posts: postPlans }: Plans): Generator<object> {
  for (const [n, { names, states, parents, tasks }] of unitPlans.entries())
    yield line('OrganisationEnhed', units[n]!, {
      egenskaber: [
        named({ enhedNavn: 'Uden navn' }, { fra: at(2019), til: at(2020) }),
        ...names.map(({ value, virkning }) => named({ enhedNavn: `Enhed ${value}` }, virkning)),
      ],
      gyldighed: states.map(({ value, virkning }) => state(value as 'Aktiv' | 'Inaktiv', virkning)),
      relationer: {
        // Rings too: they are tolerated, and nothing may be lost in them.
        overordnet: parents
          .filter(({ value }) => value !== n)
          .map(({ value, virkning }) => pointing(units[value]!, virkning)),
        opgaver: [...new Set(tasks)].map((each) => task(KLE[each]!, KLASSER[each]!, { fra: at(2021) })),
      },
    });
  for (const [n, { states, units: places, users: people, type }] of postPlans.entries())
    yield line('OrganisationFunktion', posts[n]!, {
      egenskaber: [named({ funktionNavn: `Post ${n % 3}` }, { fra: at(2021) })],
      gyldighed: states.map(({ value, virkning }) => state(value as 'Aktiv' | 'Inaktiv', virkning)),
      relationer: {
        ...(type === null ? {} : { funktionstype: [pointing(type, { fra: at(2021) })] }),
        tilknyttedeEnheder: places.map(({ value, virkning }) => pointing(units[value]!, virkning)),
        tilknyttedeBrugere: people.map(({ value, virkning }) => pointing(users[value]!, virkning)),
      },
    });
}

interface Plain {
  readonly uuid: string;
  readonly attributter: Record<string, Record<string, string>[]>;
  readonly tilstande: Record<string, { vaerdi: string }[]>;
  readonly relationer: Record<string, { rolle: string; kleNummer?: string; reference: { uuid: string } }[]>;
}

/** Every object of a type that a plain search shows the caller. */
const plain = async (town: Town, path: string, query: string): Promise<Plain[]> =>
  (await town.read<{ data: Plain[] }>(`${path}/soegninger?${query}`, { limit: 500 })).data;
const targets = ({ relationer }: Plain, facet: string) =>
  (relationer[facet] ?? []).map(({ reference }) => reference.uuid);
const inUse = ({ attributter, tilstande }: Plain): boolean =>
  (attributter['egenskaber'] ?? []).length > 0 && tilstande['gyldighed']?.[0]?.vaerdi !== 'Inaktiv';

/** The tree that one would make of plain reads. */
async function plainTree(town: Town, query: string, { functions = true } = {}): Promise<OrganisationTree> {
  const found = functions ? (await plain(town, 'organisationfunktioner', query)).filter(inUse) : [];
  const members = found
    .filter((each) => targets(each, 'funktionstype')[0] !== FUNCTION_TYPES.henvendelsessted)
    .flatMap((each) =>
      targets(each, 'tilknyttedeEnheder').flatMap((unit) =>
        [
          ...(targets(each, 'tilknyttedeBrugere').length > 0 ? targets(each, 'tilknyttedeBrugere') : [null]),
        ].map((bruger): { unit: string; member: Member } => ({
          unit,
          member: {
            funktion: each.uuid,
            bruger,
            funktionstype: targets(each, 'funktionstype')[0] ?? null,
            titel: each.attributter['egenskaber']![0]!['funktionNavn'] ?? null,
          },
        })),
      ),
    );
  const trees = (await plain(town, 'organisationenheder', query)).filter(inUse).map((each): TreeUnit => ({
    uuid: each.uuid,
    navn: each.attributter['egenskaber']![0]!['enhedNavn']!,
    brugervendtNoegle: each.attributter['egenskaber']![0]!['brugervendtNoegle']!,
    enhedstype: null,
    overordnet: targets(each, 'overordnet')[0] ?? null,
    opgaver: (each.relationer['opgaver'] ?? []).map(({ rolle, kleNummer = null, reference }): Task => ({
      rolle,
      klasse: reference.uuid,
      kleNummer,
    })),
    medlemmer: members.filter(({ unit }) => unit === each.uuid).map(({ member }) => member),
  }));
  return new Map(trees.map((each) => [each.uuid, each]));
}

interface Node {
  readonly uuid: string;
  readonly navn: string;
  readonly overordnet: string | null;
  readonly antalMedlemmer: number | null;
}

/** With the members of every object in order. */
const inOrder = (value: unknown): unknown =>
  typeof value !== 'object' || value === null
    ? value
    : Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, each]) => [name, inOrder(each)]);

let service: RunningService;
let callers: Readonly<Record<string, Town>>;
let known: string;

beforeAll(async () => {
  service = await runningReads();
  const full = new Town(service, () => service.token());
  const limited = (rod: string, undertrae: boolean) =>
    new Town(service, () => service.tokenAs({}, { constraints: { orgenhed: [{ rod, undertrae }] } }));
  callers = {
    everything: full,
    'a subtree': limited(units[0]!, true),
    'one unit': limited(units[1]!, false),
    'no functions': new Town(service, () => service.tokenWith(['organisationenhed:laes'])),
    'another municipality': new Town(service, () => service.token({ cvr: '87654321' })),
  };
  const [first, second] = fc.sample(plans, { numRuns: 2, seed: 20261129 }) as [Plans, Plans];
  await full.bring([...objectsOf(first)]);
  // What is asked of here is kept from now on, and must follow what comes.
  await full.read('enhedstrae');
  const marks = await plain(full, 'organisationenheder', '');
  known = (marks as unknown as { registrering: { fra: string } }[])
    .map(({ registrering }) => registrering.fra)
    .sort()
    .at(-1)!;
  // Half of it otherwise, one unit gone, and one that nobody knew of then.
  await full.bring([...objectsOf(second)].filter((_, n) => n % 2 === 0));
  const { text, headers } = await full.send('GET', `organisationenheder/${units[3]!}`);
  await service.send('DELETE', `/organisation/v1/organisationenheder/${(JSON.parse(text) as Plain).uuid}`, {
    headers: { 'if-match': headers['etag'] },
  });
  await full.bring([
    line('OrganisationEnhed', randomUUID(), { egenskaber: [named({ enhedNavn: 'Ny' }, { fra: at(2022) })] }),
  ]);
});
afterAll(() => service.close());

/** On both axes: as it is known now, and as it was known before half of it was changed. */
const queries = () => [
  ...MOMENTS.map((moment) => `virkningstid=${moment}`),
  ...MOMENTS.slice(1, 3).map((moment) => `virkningstid=${moment}&registreringstid=${known}`),
];

describe.each(['everything', 'a subtree', 'one unit', 'no functions', 'another municipality'])(
  'a caller who reaches %s',
  (who) => {
    const hasFunctions = who !== 'no functions';
    const trees = new Map<string, Promise<OrganisationTree>>();
    const treeOf = (query: string): Promise<OrganisationTree> => {
      let tree = trees.get(query);
      if (!tree) trees.set(query, (tree = plainTree(callers[who]!, query, { functions: hasFunctions })));
      return tree;
    };

    it('is shown in the tree, and counted, what plain reads show', async () => {
      const sizes: number[] = [];
      for (const query of queries()) {
        const expected = await treeOf(query);
        const { enheder } = await callers[who]!.read<{ enheder: Node[] }>(`enhedstrae?form=flad&${query}`);
        sizes.push(enheder.length);
        const shown = enheder.map(({ uuid, navn, overordnet, antalMedlemmer }) => ({
          uuid,
          navn,
          overordnet,
          antalMedlemmer,
        }));
        const people = ({ medlemmer }: TreeUnit) =>
          hasFunctions ? new Set(medlemmer.flatMap(({ bruger }) => bruger ?? [])).size : null;
        const wanted = [...expected.values()].map((unit) => {
          const { uuid, navn, overordnet } = unit;
          return { uuid, navn, overordnet, antalMedlemmer: people(unit) };
        });
        const byUuid = (a: { uuid: string }, b: { uuid: string }) => (a.uuid < b.uuid ? -1 : 1);
        expect(shown.toSorted(byUuid)).toEqual(wanted.toSorted(byUuid));
      }
      const some = Math.max(...sizes);
      expect(who === 'another municipality' ? some === 0 : some > 0).toBe(true);
    });

    it('is shown of a unit, and of who is in it, what plain reads show, and 404 of all else', async () => {
      for (const query of queries().slice(2)) {
        const expected = await treeOf(query);
        for (const uuid of units) {
          const wanted = expected.get(uuid);
          const path = `organisationenheder/${uuid}`;
          const answer = await callers[who]!.send('GET', `${path}/overblik?${query}`);
          expect(answer.status).toBe(wanted ? 200 : 404);
          if (!wanted) continue;
          const page = JSON.parse(answer.text) as {
            enhed: Node;
            under: { uuid: string }[];
            medlemmer: { data: { funktion: string; bruger: { uuid: string } | null }[] };
          };
          const pairs = (all: readonly { funktion: string; bruger: string | null }[]) =>
            all.map(({ funktion, bruger }) => `${funktion} ${bruger}`).sort();
          expect(
            pairs(
              page.medlemmer.data.map(({ funktion, bruger }) => ({ funktion, bruger: bruger?.uuid ?? null })),
            ),
          ).toEqual(pairs(wanted.medlemmer));
          expect(page.under.map((each) => each.uuid).sort()).toEqual(
            [...expected.values()]
              .filter(({ overordnet }) => overordnet === uuid)
              .map((each) => each.uuid)
              .sort(),
          );
        }
      }
    });

    it('finds for a subject the units that plain reads find', async () => {
      for (const query of queries().slice(3, 5))
        for (const kle of KLE) {
          const expected = [...(await treeOf(query)).values()].flatMap(({ uuid, opgaver }) =>
            opgaver.flatMap(({ kleNummer }) => {
              const match = matchOf(kleNummer, kle);
              return match === null ? [] : [`${uuid} ${kleNummer} ${match}`];
            }),
          );
          const found = await callers[who]!.all<{ enhed: Node; opgave: Task; match: string }>(
            `opgaveansvar?kle=${kle}&${query}`,
          );
          expect(
            found.map(({ enhed, opgave, match }) => `${enhed.uuid} ${opgave.kleNummer} ${match}`).sort(),
          ).toEqual(expected.sort());
        }
    });

    it('is told of the changes between what plain reads show, on either axis and on both', async () => {
      const pairs: [before: string, after: string, question: string][] = [
        [
          `virkningstid=${MOMENTS[1]}`,
          `virkningstid=${MOMENTS[2]}`,
          `foerVirkningstid=${MOMENTS[1]}&virkningstid=${MOMENTS[2]}`,
        ],
        [
          `virkningstid=${MOMENTS[2]}&registreringstid=${known}`,
          `virkningstid=${MOMENTS[2]}`,
          `foerRegistreringstid=${known}&virkningstid=${MOMENTS[2]}`,
        ],
        [
          `virkningstid=${MOMENTS[0]}&registreringstid=${known}`,
          `virkningstid=${MOMENTS[3]}`,
          `foerVirkningstid=${MOMENTS[0]}&foerRegistreringstid=${known}&virkningstid=${MOMENTS[3]}`,
        ],
      ];
      for (const [before, after, question] of pairs) {
        const expected = compareTrees(await treeOf(before), await treeOf(after));
        const told = await callers[who]!.all<Record<string, unknown>>(`aendringer?${question}`, 7);
        const uuidOf = (each: unknown) => (each === null ? null : (each as { uuid: string }).uuid);
        const bare = told.map((change) => ({
          ...change,
          enhed: uuidOf(change['enhed']),
          ...(change['slags'] === 'Flyttet'
            ? { foer: uuidOf(change['foer']), nu: uuidOf(change['nu']) }
            : {}),
        }));
        const texts = (changes: readonly object[]) =>
          changes.map((each) => JSON.stringify(inOrder(each))).sort();
        expect(texts(bare)).toEqual(texts(expected));
      }
    });
  },
);
