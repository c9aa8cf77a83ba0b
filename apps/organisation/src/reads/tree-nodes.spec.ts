import fc from 'fast-check';
import { type Leaf, type Node, treeNodes } from './tree-nodes';

const leaf = (uuid: string, overordnet: string | null, members: number | null = 1, navn = uuid): Leaf => ({
  uuid,
  navn,
  brugervendtNoegle: uuid,
  enhedstype: null,
  overordnet,
  members,
});
const ALL = { depth: 50, root: null, flat: false };
const uuids = (nodes: readonly Node[]): string[] =>
  nodes.flatMap(({ uuid, underordnede = [] }) => [uuid, ...uuids(underordnede)]);

/** Any unit under any other, or under one that is not there: forests, and rings too. */
const forests = fc
  .uniqueArray(fc.nat(12), { minLength: 1 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc.option(fc.nat(14), { nil: null }).map((over) => leaf(`${name}`, over === null ? null : `${over}`)),
      ),
    ),
  );

describe('treeNodes', () => {
  it('loses no unit and shows none twice, whatever is missing over it or turns in a ring', () => {
    fc.assert(
      fc.property(forests, (leaves) => {
        const expected = leaves.map(({ uuid }) => uuid).sort();
        expect(uuids(treeNodes(leaves, ALL)).sort()).toEqual(expected);
        expect(uuids(treeNodes(leaves, { ...ALL, flat: true })).sort()).toEqual(expected);
      }),
    );
  });

  it('says the same flat as nested, at any depth', () => {
    const spread = (nodes: readonly Node[]): object[] =>
      nodes.flatMap(({ underordnede = [], ...node }) => [node, ...spread(underordnede)]);
    fc.assert(
      fc.property(forests, fc.integer({ min: 1, max: 4 }), (leaves, depth) => {
        expect(treeNodes(leaves, { ...ALL, depth, flat: true })).toEqual(
          spread(treeNodes(leaves, { ...ALL, depth })),
        );
      }),
    );
  });

  it('counts what is under a unit, also below the depth that is shown', () => {
    const leaves = [leaf('a', null, 1), leaf('b', 'a', 2), leaf('c', 'b', 4), leaf('d', 'a', 8)];
    expect(treeNodes(leaves, { ...ALL, depth: 2, flat: true })).toMatchObject([
      { uuid: 'a', niveau: 1, antalUnderordnede: 2, antalMedlemmer: 1, antalMedlemmerIAlt: 15 },
      { uuid: 'b', niveau: 2, antalUnderordnede: 1, antalMedlemmer: 2, antalMedlemmerIAlt: 6 },
      { uuid: 'd', niveau: 2, antalUnderordnede: 0, antalMedlemmer: 8, antalMedlemmerIAlt: 8 },
    ]);
  });

  it('is in the order of the names, and has several roots where there are', () => {
    const leaves = [leaf('1', null, 1, 'Å'), leaf('2', null, 1, 'Ø'), leaf('3', null, 1, 'Skole')];
    expect(treeNodes(leaves, ALL).map(({ navn }) => navn)).toEqual(['Skole', 'Ø', 'Å']);
  });

  it('knows nothing of how many where nobody may be seen', () => {
    const [root] = treeNodes([leaf('a', null, null), leaf('b', 'a', null)], ALL);
    expect(root).toMatchObject({ antalMedlemmer: null, antalMedlemmerIAlt: null, antalUnderordnede: 1 });
  });
});
