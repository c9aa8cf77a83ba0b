import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import fc from 'fast-check';
import { runningOrganisation } from '../../spec/running-organisation';
import { applyChanges } from '../../tree/apply-changes';
import { compareTrees } from '../../tree/compare-trees';
import type { OrganisationTree } from '../../tree/organisation-tree';
import { KINDS_OF_CHANGE, type TreeChange } from '../../tree/tree-change';
import { type Moment, type NaiveStep, taken, wrongIn } from './naive-town';
import { classOf, FROM, jsonOf, Town } from './town';

const DAYS = ['2098', '2099', '2101', '2103', '2105'].map((year) => `${year}-01-01T00:00:00Z`);
const PLAN_DAYS = [1, 2, 3, 4];
const KLE = ['27', '32.18'];

const pick = fc.nat(20);
const step = fc.record({
  handling: fc.constantFrom('Opret', 'Flyt', 'Flyt', 'Overfoer', 'Omdoeb', 'Luk', 'Luk'),
  unit: pick,
  other: pick,
  post: pick,
  alone: fc.nat(9).map((n) => n === 0),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const plan = fc.record({
  day: fc.constantFrom(...PLAN_DAYS),
  steps: fc.array(step, { minLength: 1, maxLength: 3 }),
});
const story = fc.record({
  parents: fc.array(pick, { minLength: 3, maxLength: 6 }),
  posts: fc.array(pick, { minLength: 1, maxLength: 5 }),
  tasks: fc.array(fc.tuple(pick, fc.constantFrom(...KLE)), { maxLength: 4 }),
  plans: fc.array(plan, { minLength: 2, maxLength: 4 }),
  undone: fc.array(pick, { minLength: 1, maxLength: 4 }),
});

interface Item {
  readonly virkning: { readonly fra: string; readonly til: string | null };
  readonly reference: { readonly uuid: string };
  readonly kleNummer?: string;
  readonly enhedNavn: string;
  readonly vaerdi: string;
}
type Section = Readonly<Record<string, readonly Item[] | undefined>>;
interface Read {
  readonly uuid: string;
  readonly attributter: Section;
  readonly tilstande: Section;
  readonly relationer: Section;
}
/** What a facet says on a day; all that is registered begins and ends on one. */
const on = (day: string, items: readonly Item[] = []): Item[] =>
  items.filter(({ virkning: { fra, til } }) => fra <= day && (til === null || day < til));

/** A town that is registered, and the same as plain moments. */
class Twin {
  readonly town: Town;
  readonly units: string[] = [];
  readonly posts: string[] = [];
  readonly applied: { uuid: string; day: number; steps: readonly NaiveStep[] }[] = [];
  private base: Moment = { units: {}, posts: {} };

  constructor(service: RunningService) {
    this.town = new Town(service);
  }

  async settle({ parents, posts, tasks }: { parents: number[]; posts: number[]; tasks: [number, string][] }) {
    this.units.push(randomUUID(), ...parents.map(() => randomUUID()));
    this.posts.push(...posts.map(() => randomUUID()));
    const over = (at: number) => (at === 0 ? null : this.units[parents[at - 1]! % at]!);
    const tasksOf = (at: number) =>
      KLE.filter((kle) => tasks.some(([unit, each]) => unit % this.units.length === at && each === kle));
    const unitOf = (at: number) => this.units[posts[at]! % this.units.length]!;
    this.base = {
      units: Object.fromEntries(
        this.units.map((uuid, at) => [
          uuid,
          { parent: over(at), name: `Enhed ${uuid.slice(0, 4)}`, active: true, tasks: tasksOf(at) },
        ]),
      ),
      posts: Object.fromEntries(this.posts.map((uuid, at) => [uuid, unitOf(at)])),
    };
    await this.town.settle(this.units[0]!, [
      ...this.units.map((uuid, at) => this.town.unit(uuid, over(at), { kle: tasksOf(at) })),
      ...this.posts.map((uuid, at) => this.town.post(uuid, unitOf(at))),
    ]);
  }

  expected(): Moment[] {
    return DAYS.map((_, now) =>
      this.applied.reduce(
        (moment, { day, steps }) => (day <= now ? taken(moment, steps) : moment),
        this.base,
      ),
    );
  }

  steps(steps: readonly Step[], day: number): NaiveStep[] {
    const then = this.expected()[day]!;
    const unit = (at: number) => this.units[at % this.units.length]!;
    return steps.map(({ handling, unit: one, other, post, alone }): NaiveStep => {
      const enhed = unit(one);
      if (handling === 'Opret') {
        const fresh = randomUUID();
        this.units.push(fresh);
        return { handling, enhed: fresh, navn: `Ny ${fresh.slice(0, 4)}`, overordnet: unit(other) };
      }
      if (handling === 'Flyt') return { handling, enhed, overordnet: unit(other) };
      if (handling === 'Omdoeb') return { handling, enhed, navn: `Navn ${other}` };
      if (handling === 'Luk') return { handling, enhed, ...(alone ? {} : { modtager: unit(other) }) };
      const funktion = this.posts[post % this.posts.length]!;
      return { handling: 'Overfoer', enhed: then.posts[funktion]!, funktion, modtager: unit(other) };
    });
  }

  async registered(): Promise<Moment[]> {
    const units = await this.read('organisationenheder', this.units);
    const posts = await this.read('organisationfunktioner', this.posts);
    const edges = [...units, ...posts].flatMap(({ attributter, tilstande, relationer }) =>
      [attributter, tilstande, relationer].flatMap((section) =>
        Object.values(section).flatMap((items = []) =>
          items.flatMap(({ virkning }) => [virkning.fra, virkning.til]),
        ),
      ),
    );
    expect([FROM.fra, null, ...DAYS]).toEqual(expect.arrayContaining([...new Set(edges)]));
    return DAYS.map((day) => ({
      units: Object.fromEntries(
        // A unit that is opened later says nothing yet.
        units.flatMap(({ uuid, attributter, tilstande, relationer }) =>
          on(day, attributter['egenskaber']).map(({ enhedNavn }) => [
            uuid,
            {
              parent: only(on(day, relationer['overordnet'])),
              name: enhedNavn,
              active: on(day, tilstande['gyldighed'])[0]?.vaerdi === 'Aktiv',
              tasks: on(day, relationer['opgaver']).map(({ kleNummer }) => kleNummer!),
            },
          ]),
        ),
      ),
      posts: Object.fromEntries(
        posts.map(({ uuid, relationer }) => [
          uuid,
          only(on(day, relationer['tilknyttedeEnheder'])) ?? 'nowhere',
        ]),
      ),
    }));
  }

  private async read(path: string, uuid: readonly string[]): Promise<Read[]> {
    const answer = await this.town.send('POST', `${path}/laes?virkning=alle`, { uuid });
    return jsonOf<{ data: Read[] }>(answer).data;
  }
}

function only(items: readonly Item[]): string | null {
  if (items.length > 1) throw new Error('Two where there may be one');
  return items[0]?.reference.uuid ?? null;
}

const treeOf = ({ units, posts }: Moment): OrganisationTree =>
  new Map(
    Object.entries(units)
      .filter(([, { active }]) => active)
      .map(([uuid, { parent, name, tasks }]) => [
        uuid,
        {
          uuid,
          navn: name,
          brugervendtNoegle: name,
          enhedstype: null,
          overordnet: parent,
          opgaver: tasks.map((kleNummer) => ({ rolle: 'Ansvarlig', klasse: classOf(kleNummer), kleNummer })),
          medlemmer: Object.entries(posts)
            .filter(([, unit]) => unit === uuid)
            .map(([funktion]) => ({ funktion, bruger: null, funktionstype: null, titel: null })),
        },
      ]),
  );

/** What a preview says of the tree, of what the plain tree knows too. */
const changesIn = (data: readonly { slags: string }[]): TreeChange[] =>
  (data as TreeChange[])
    .filter(({ slags }) => (KINDS_OF_CHANGE as readonly string[]).includes(slags))
    .map((change) => {
      if (change.slags === 'MedlemFjernet' || change.slags === 'MedlemTilfoejet') {
        const { funktion, bruger } = change.medlem;
        return { ...change, medlem: { funktion, bruger, funktionstype: null, titel: null } };
      }
      return change;
    });

const sorted = (moments: readonly Moment[]) =>
  moments.map(({ units, posts }) => ({
    posts,
    units: Object.fromEntries(
      Object.entries(units).map(([uuid, unit]) => [uuid, { ...unit, tasks: unit.tasks.toSorted() }]),
    ),
  }));
/** Names only: what a rename does to the key is a story of its own. */
const plain = (tree: OrganisationTree) =>
  Object.fromEntries(
    [...tree].map(([uuid, { navn, overordnet, opgaver, medlemmer }]) => [
      uuid,
      {
        navn,
        overordnet,
        opgaver: opgaver.map(({ kleNummer }) => kleNummer).sort(),
        medlemmer: medlemmer.map(({ funktion }) => funktion).sort(),
      },
    ]),
  );

/**
 * Plans at random, several at once, some of them undone: each comes to what it means by itself, undone to what there would
 * have been without it, and none to nonsense. Tells how it went.
 */
export async function randomStories(numRuns: number) {
  const told = { applied: 0, refused: 0, undone: 0, kept: 0 };
  const service = await runningOrganisation();
  const property = fc.asyncProperty(story, async ({ plans, undone, ...place }) => {
    const twin = new Twin(service);
    await twin.settle(place);
    for (const { day, steps } of plans) told[(await tryPlan(twin, day, steps)) ? 'applied' : 'refused']++;
    for (const which of undone)
      if (twin.applied.length > 0) told[(await tryUndo(twin, which)) ? 'undone' : 'kept']++;
  });
  try {
    await fc.assert(property, { numRuns });
  } finally {
    await service.close();
  }
  return told;
}

async function check(twin: Twin): Promise<void> {
  const registered = await twin.registered();
  expect(sorted(registered)).toEqual(sorted(twin.expected()));
  expect(registered.flatMap(wrongIn)).toEqual([]);
  const [first, ...others] = registered.map(treeOf);
  for (const tree of others)
    expect(plain(applyChanges(first!, compareTrees(first!, tree)))).toEqual(plain(tree));
}

async function tryPlan(twin: Twin, day: number, some: readonly Step[]): Promise<boolean> {
  const { town } = twin;
  const before = (await twin.registered())[day]!;
  const steps = twin.steps(some, day);
  const uuid = await town.plan(DAYS[day]!, steps);
  const { grundlag, kanAnvendes, data } = await town.consequences(uuid);
  const { status } = await town.send('POST', `omorganiseringer/${uuid}/anvend`, { grundlag }, 1);
  // What was said to be in the way is in the way, and nothing else.
  expect(status).toBe(kanAnvendes ? 200 : 422);
  if (kanAnvendes) {
    twin.applied.push({ uuid, day, steps });
    const after = (await twin.registered())[day]!;
    expect(plain(applyChanges(treeOf(before), changesIn(data)))).toEqual(plain(treeOf(after)));
  }
  await check(twin);
  return kanAnvendes;
}

async function tryUndo(twin: Twin, which: number): Promise<boolean> {
  const at = which % twin.applied.length;
  const { status } = await twin.town.undo(twin.applied[at]!.uuid);
  expect([200, 409, 422]).toContain(status);
  // The last one has nobody after it, so it can always be undone.
  if (at === twin.applied.length - 1) expect(status).toBe(200);
  if (status === 200) twin.applied.splice(at, 1);
  await check(twin);
  return status === 200;
}
