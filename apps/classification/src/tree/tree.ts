/** A class as a tree needs it. */
export interface Leaf {
  readonly uuid: string;
  readonly ejer: string;
  readonly brugervendtNoegle: string;
  readonly titel: string;
  readonly publiceretStatus: string | null;
  readonly overordnet: string | null;
  readonly sortering: string | null;
}

export interface Node {
  readonly uuid: string;
  readonly ejer: string;
  readonly brugervendtNoegle: string;
  readonly titel: string;
  readonly publiceretStatus: string | null;
  /** How many stand directly under it, shown or not. */
  readonly antalUnderordnede: number;
  /** Left out below the depth that was asked for. */
  readonly underordnede?: readonly Node[];
}

const order = ({ sortering, brugervendtNoegle }: Leaf): string => sortering ?? brugervendtNoegle;

/**
 * Builds the trees of a facet, or the one under `root`. A class whose parent is not there (not published, or not the
 * caller's to see) stands as a root, so that nothing falls out.
 */
export function treesOf(leaves: readonly Leaf[], depth: number, root: string | null = null): Node[] {
  const present = new Set(leaves.map(({ uuid }) => uuid));
  const under = new Map<string | null, Leaf[]>();
  for (const leaf of leaves) {
    const parent = leaf.overordnet !== null && present.has(leaf.overordnet) ? leaf.overordnet : null;
    const siblings = under.get(parent);
    if (siblings) siblings.push(leaf);
    else under.set(parent, [leaf]);
  }
  for (const siblings of under.values())
    siblings.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));

  const node = (leaf: Leaf, left: number): Node => {
    const { uuid, ejer, brugervendtNoegle, titel, publiceretStatus } = leaf;
    const children = under.get(uuid) ?? [];
    const head = {
      uuid,
      ejer,
      brugervendtNoegle,
      titel,
      publiceretStatus,
      antalUnderordnede: children.length,
    };
    return left <= 1 ? head : { ...head, underordnede: children.map((child) => node(child, left - 1)) };
  };
  const roots = root === null ? (under.get(null) ?? []) : leaves.filter(({ uuid }) => uuid === root);
  return roots.map((leaf) => node(leaf, depth));
}
