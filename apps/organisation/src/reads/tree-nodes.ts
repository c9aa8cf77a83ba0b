import type { UnitFields } from '../tree/organisation-tree';

/** A unit as a tree shows it. */
export interface Leaf extends UnitFields {
  readonly uuid: string;
  /** How many people are in the unit itself; null when the caller may not see who. */
  readonly members: number | null;
}

export interface Node extends UnitFields {
  readonly uuid: string;
  /** 1 for the root. */
  readonly niveau: number;
  readonly antalUnderordnede: number;
  readonly antalMedlemmer: number | null;
  /** In the unit and in all under it. Who is in two of them counts in both. */
  readonly antalMedlemmerIAlt: number | null;
  /** Left out below the depth that was asked for, and in a flat list. */
  readonly underordnede?: readonly Node[];
}

export interface TreeWish {
  /** Levels, from 1. */
  readonly depth: number;
  /** One unit with all that is under it; all when null. */
  readonly root: string | null;
  /** One list, each unit after the one above it. */
  readonly flat: boolean;
}

const danish = new Intl.Collator('da');
const byName = (a: Leaf, b: Leaf): number =>
  danish.compare(a.navn, b.navn) || (a.uuid < b.uuid ? -1 : a.uuid > b.uuid ? 1 : 0);

/**
 * The trees that the units make. A unit that stands under one that is not there, or not the caller's to see, is a root,
 * and so is one unit of a ring that tolerant data made: nothing falls out, and nothing comes twice.
 */
export function treeNodes(leaves: readonly Leaf[], { depth, root, flat }: TreeWish): Node[] {
  const sorted = leaves.toSorted(byName);
  const present = new Set(sorted.map(({ uuid }) => uuid));
  const under = new Map<string | null, Leaf[]>();
  for (const leaf of sorted) {
    const parent = leaf.overordnet !== null && present.has(leaf.overordnet) ? leaf.overordnet : null;
    const siblings = under.get(parent);
    if (siblings) siblings.push(leaf);
    else under.set(parent, [leaf]);
  }
  const taken = new Set<string>();
  const list: Node[] = [];

  const grow = (leaf: Leaf, niveau: number): { node: Node; total: number | null } => {
    taken.add(leaf.uuid);
    const children = (under.get(leaf.uuid) ?? []).filter(({ uuid }) => !taken.has(uuid));
    const isShown = niveau <= depth;
    const place = isShown && flat ? list.push(null as never) - 1 : null;
    const grown = children.map((child) => grow(child, niveau + 1));
    const total = grown.reduce(
      (sum, each) => (sum === null || each.total === null ? null : sum + each.total),
      leaf.members,
    );
    const { uuid, brugervendtNoegle, navn, enhedstype, overordnet, members } = leaf;
    const node = {
      uuid,
      brugervendtNoegle,
      navn,
      enhedstype,
      overordnet,
      niveau,
      antalUnderordnede: children.length,
      antalMedlemmer: members,
      antalMedlemmerIAlt: total,
      ...(flat || niveau >= depth ? {} : { underordnede: grown.map(({ node: child }) => child) }),
    };
    if (place !== null) list[place] = node;
    return { node, total };
  };

  const nodes: Node[] = [];
  const starts = root === null ? (under.get(null) ?? []) : sorted.filter(({ uuid }) => uuid === root);
  for (const start of starts) nodes.push(grow(start, 1).node);
  if (root === null) for (const leaf of sorted) if (!taken.has(leaf.uuid)) nodes.push(grow(leaf, 1).node);
  return flat ? list : nodes;
}
