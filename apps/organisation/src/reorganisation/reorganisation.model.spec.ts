import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import fc from 'fast-check';
import { runningOrganisation } from '../spec/running-organisation';
import { applyChanges } from '../tree/apply-changes';
import { compareTrees } from '../tree/compare-trees';
import type { OrganisationTree } from '../tree/organisation-tree';
import { KINDS_OF_CHANGE, type TreeChange } from '../tree/tree-change';
import { type Moment, type NaiveStep, taken, wrongIn } from './spec/naive-town';
import { classOf, jsonOf, Town } from './spec/town';

const DAYS = ['2098', '2099', '2101', '2103', '2105'].map((year) => `${year}-01-01T00:00:00Z`);
const PLAN_DAYS = [1, 2, 3, 4];
const KLE = ['27', '32.18'];
const RUNS = 40;

let service: RunningService;
beforeAll(async () => {
  service = await runningOrganisation();
});
afterAll(() => service.close());

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
  undone: fc.array(pick, { maxLength: 4 }),
});

interface Item {
  readonly reference: { readonly uuid: string };
  readonly kleNummer?: string;
}
interface Read {
  readonly uuid: string;
  readonly attributter: { readonly egenskaber?: readonly { readonly enhedNavn: string }[] };
  readonly tilstande: { readonly gyldighed?: readonly { readonly vaerdi: string }[] };
  readonly relationer: Readonly<Record<string, readonly Item[] | undefined>>;
}

/** A town that is registered, and the same as plain moments. */
class Twin {
  readonly town = new Town(service);
  readonly units: string[] = [];
  readonly posts: string[] = [];
  readonly applied: { uuid: string; day: number; steps: readonly NaiveStep[] }[] = [];
  private base: Moment = { units: {}, posts: {} };

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
    const moments: Moment[] = [];
    for (const day of DAYS) {
      const units = await this.read('organisationenheder', this.units, day);
      const posts = await this.read('organisationfunktioner', this.posts, day);
      moments.push({
        units: Object.fromEntries(
          // A unit that is opened later says nothing yet.
          units.flatMap(({ uuid, attributter: { egenskaber = [] }, tilstande, relationer }) =>
            egenskaber.map(({ enhedNavn }) => [
              uuid,
              {
                parent: only(relationer['overordnet']),
                name: enhedNavn,
                active: tilstande.gyldighed?.[0]?.vaerdi !== 'Inaktiv',
                tasks: (relationer['opgaver'] ?? []).map(({ kleNummer }) => kleNummer!).sort(),
              },
            ]),
          ),
        ),
        posts: Object.fromEntries(
          posts.map(({ uuid, relationer }) => [uuid, only(relationer['tilknyttedeEnheder']) ?? 'nowhere']),
        ),
      });
    }
    return moments;
  }

  private async read(path: string, uuid: readonly string[], day: string): Promise<Read[]> {
    const answer = await this.town.send('POST', `${path}/laes?virkningstid=${day}`, { uuid });
    return jsonOf<{ data: Read[] }>(answer).data;
  }
}

function only(items: readonly Item[] | undefined): string | null {
  if ((items?.length ?? 0) > 1) throw new Error('Two where there may be one');
  return items?.[0]?.reference.uuid ?? null;
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

const told = { applied: 0, refused: 0, undone: 0, kept: 0 };

describe('reorganisations at random, several at once', () => {
  it('come to what each means by itself; undone, to what there would have been without it; and never to nonsense', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ plans, undone, ...place }) => {
        const twin = new Twin();
        await twin.settle(place);
        const check = async () => {
          const registered = await twin.registered();
          expect(sorted(registered)).toEqual(sorted(twin.expected()));
          expect(registered.flatMap(wrongIn)).toEqual([]);
          const trees = registered.map(treeOf);
          for (const [at, tree] of trees.entries())
            expect(plain(applyChanges(trees[0]!, compareTrees(trees[0]!, tree)))).toEqual(plain(trees[at]!));
        };
        for (const { day, steps: some } of plans) {
          const before = (await twin.registered())[day]!;
          const steps = twin.steps(some, day);
          const uuid = await twin.town.plan(DAYS[day]!, steps);
          const { grundlag, kanAnvendes, data } = await twin.town.consequences(uuid);
          const { status } = await twin.town.send('POST', `omorganiseringer/${uuid}/anvend`, { grundlag }, 1);
          // What was said to be in the way is in the way, and nothing else.
          expect([200, 422]).toContain(status);
          expect(status === 200).toBe(kanAnvendes);
          if (status === 200) {
            twin.applied.push({ uuid, day, steps });
            const after = (await twin.registered())[day]!;
            expect(plain(applyChanges(treeOf(before), changesIn(data)))).toEqual(plain(treeOf(after)));
          }
          told[status === 200 ? 'applied' : 'refused']++;
          await check();
        }
        for (const which of undone) {
          if (twin.applied.length === 0) break;
          const at = which % twin.applied.length;
          const { status } = await twin.town.undo(twin.applied[at]!.uuid);
          expect([200, 409, 422]).toContain(status);
          // The last one has nobody after it, so it can always be undone.
          if (at === twin.applied.length - 1) expect(status).toBe(200);
          if (status === 200) twin.applied.splice(at, 1);
          told[status === 200 ? 'undone' : 'kept']++;
          await check();
        }
      }),
      { numRuns: RUNS },
    );
    for (const count of Object.values(told)) expect(count).toBeGreaterThan(3);
  });
});
