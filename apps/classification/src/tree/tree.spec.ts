import fc from 'fast-check';
import { type Leaf, type Node, treesOf } from './tree';

const leaf = (uuid: string, overordnet: string | null, sortering: string | null = null): Leaf => ({
  uuid,
  ejer: '19435075',
  brugervendtNoegle: uuid,
  titel: `Klasse ${uuid}`,
  publiceretStatus: 'Publiceret',
  overordnet,
  sortering,
});

const uuids = (nodes: readonly Node[]): string[] =>
  nodes.flatMap(({ uuid, underordnede = [] }) => [uuid, ...uuids(underordnede)]);

describe('treesOf', () => {
  it('puts children under their parent, in the order of sortering or else of the key', () => {
    const [root] = treesOf([leaf('b', 'a'), leaf('a', null), leaf('c', 'a', 'A')], 9);
    expect(root).toMatchObject({ uuid: 'a', antalUnderordnede: 2 });
    expect(root?.underordnede?.map(({ uuid }) => uuid)).toEqual(['c', 'b']);
  });

  it('stops at the depth and still counts what is below', () => {
    const [root] = treesOf([leaf('a', null), leaf('b', 'a'), leaf('c', 'b')], 2);
    expect(root?.underordnede).toEqual([expect.objectContaining({ uuid: 'b', antalUnderordnede: 1 })]);
    expect(root?.underordnede?.[0]).not.toHaveProperty('underordnede');
  });

  it('takes one class with what is under it', () => {
    expect(
      uuids(treesOf([leaf('a', null), leaf('b', 'a'), leaf('c', 'b'), leaf('d', null)], 9, 'b')),
    ).toEqual(['b', 'c']);
  });

  it('loses no class, whatever is missing above it', () => {
    const forests = fc.uniqueArray(fc.nat(40), { minLength: 1 }).map((numbers) =>
      // A parent has a smaller number, so there are no circles; some parents are not there.
      numbers.map((n) => leaf(`${n}`, n % 5 === 0 ? null : `${Math.floor(n / 3)}`)),
    );
    fc.assert(
      fc.property(forests, (leaves) => {
        expect(uuids(treesOf(leaves, 99)).sort()).toEqual(leaves.map(({ uuid }) => uuid).sort());
      }),
    );
  });
});
