import fc from 'fast-check';
import { applyChanges } from './apply-changes';
import { compareTrees } from './compare-trees';
import { type Member, memberKey, type OrganisationTree, type Task, taskKey } from './organisation-tree';
import { KINDS_OF_CHANGE } from './tree-change';

const few = (...texts: string[]) => fc.constantFrom(...texts);
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });

const task: fc.Arbitrary<Task> = fc.record({
  rolle: few('Ansvarlig', 'Udførende'),
  klasse: few('k1', 'k2', 'k3'),
  kleNummer: orNull(few('27', '27.18')),
});
const member: fc.Arbitrary<Member> = fc.record({
  funktion: few('f1', 'f2', 'f3'),
  bruger: orNull(few('b1', 'b2')),
  funktionstype: orNull(few('Enhedsrolle', 'Lederrolle')),
  titel: orNull(few('Leder', 'Pedel')),
});
const unit = fc.record({
  uuid: few('a', 'b', 'c', 'd', 'e', 'f'),
  brugervendtNoegle: few('1', '2'),
  navn: few('Skole', 'Å', 'Øst'),
  enhedstype: orNull(few('Team', 'Afdeling')),
  overordnet: orNull(few('a', 'b', 'g')),
  opgaver: fc.uniqueArray(task, { selector: taskKey, maxLength: 4 }),
  medlemmer: fc.uniqueArray(member, { selector: memberKey, maxLength: 4 }),
});
const tree: fc.Arbitrary<OrganisationTree> = fc
  .uniqueArray(unit, { selector: ({ uuid }) => uuid, maxLength: 6 })
  .map((units) => new Map(units.map((each) => [each.uuid, each])));

/** Without an order where there is none. */
const plain = (units: OrganisationTree) =>
  Object.fromEntries(
    [...units].map(([uuid, each]) => [
      uuid,
      {
        ...each,
        opgaver: each.opgaver.toSorted((a, b) => (taskKey(a) < taskKey(b) ? -1 : 1)),
        medlemmer: each.medlemmer.toSorted((a, b) => (memberKey(a) < memberKey(b) ? -1 : 1)),
      },
    ]),
  );

describe('compareTrees', () => {
  it('applied to the first gives the second', () => {
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        expect(plain(applyChanges(before, compareTrees(before, after)))).toEqual(plain(after));
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds nothing between a tree and itself, whatever order its lists have', () => {
    fc.assert(
      fc.property(tree, (one) => {
        const turned = [...one].map(([uuid, each]) => ({
          ...each,
          uuid,
          opgaver: each.opgaver.toReversed(),
          medlemmer: each.medlemmer.toReversed(),
        }));
        expect(compareTrees(one, new Map(turned.reverse().map((each) => [each.uuid, each])))).toEqual([]);
      }),
    );
  });

  it('says nothing that is not so: without any one change the second is not reached', () => {
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        const changes = compareTrees(before, after);
        for (const left of changes) {
          const others = changes.filter((each) => each !== left);
          let reached: unknown = null;
          try {
            reached = plain(applyChanges(before, others));
          } catch {
            // A change of a unit that is not opened fits nowhere.
          }
          expect(reached).not.toEqual(plain(after));
        }
      }),
    );
  });

  it('comes unit by unit in the order of the names, and in each in the order of the kinds', () => {
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        const changes = compareTrees(before, after);
        const name = (uuid: string) => (after.get(uuid) ?? before.get(uuid))!.navn;
        const order = ['Skole', 'Øst', 'Å'];
        const place = changes.map(({ enhed }) => order.indexOf(name(enhed)));
        expect(place).toEqual(place.toSorted((a, b) => a - b));
        for (const uuid of new Set(changes.map(({ enhed }) => enhed))) {
          const kinds = changes
            .filter(({ enhed }) => enhed === uuid)
            .map(({ slags }) => KINDS_OF_CHANGE.indexOf(slags));
          expect(kinds).toEqual(kinds.toSorted((a, b) => a - b));
        }
      }),
    );
  });
});

describe('applyChanges', () => {
  const fields = { brugervendtNoegle: '1', navn: 'Skole', enhedstype: null, overordnet: null };
  const one: OrganisationTree = new Map([['a', { uuid: 'a', ...fields, opgaver: [], medlemmer: [] }]]);
  const opgave: Task = { rolle: 'Ansvarlig', klasse: 'k', kleNummer: null };

  it.each([
    ['a unit that is there already', { slags: 'Oprettet', enhed: 'a', nu: fields }],
    ['a unit that is not there', { slags: 'Lukket', enhed: 'b', foer: fields }],
    ['a task that it does not have', { slags: 'OpgaveFjernet', enhed: 'a', opgave }],
  ] as const)('refuses %s', (_, change) => {
    expect(() => applyChanges(one, [change])).toThrow(change.slags);
  });

  it('leaves the tree that it was given as it was', () => {
    const after = applyChanges(one, [{ slags: 'OpgaveTilfoejet', enhed: 'a', opgave }]);
    expect([one.get('a')?.opgaver, after.get('a')?.opgaver]).toEqual([[], [opgave]]);
  });
});
