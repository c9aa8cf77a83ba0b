import type { Caller, ConstraintValue, PrivilegeGroup } from '../caller';

/** What lies under a municipality's units at this moment. */
export interface UnitTree {
  /** Another text whenever the tree may be another. */
  readonly version: string;
  /** The unit and all under it, as UUIDs in lower case. */
  under(unit: string): readonly string[];
}

/** Where a service learns of units. Asked at each request whose caller is restricted to a subtree. */
export interface UnitTrees {
  of(owner: string): Promise<UnitTree>;
}

type Value = Exclude<ConstraintValue, string>[number];
const isSubtree = (value: Value): value is Exclude<Value, string> =>
  typeof value === 'object' && value.undertrae;
const unitsOf = ({ constraints }: PrivilegeGroup): readonly Value[] => [constraints['orgenhed'] ?? []].flat();

/** The caller whose token it is, by the one that was made of it. */
const original = new WeakMap<Caller, Caller>();
const made = new WeakMap<Caller, { readonly version: string; readonly caller: Caller }>();
const restricted = new WeakMap<Caller, boolean>();

function isRestricted(caller: Caller): boolean {
  let known = restricted.get(caller);
  if (known === undefined)
    restricted.set(caller, (known = caller.groups.some((group) => unitsOf(group).some(isSubtree))));
  return known;
}

/**
 * The caller with every unit that stands for its subtree written out, as the tree is now: a token carries the root
 * alone (A8), and whoever decides or searches needs no tree of their own. The same caller as before while the tree is
 * the same, so that what is worked out for a caller is worked out once. In a service that knows no units, a root stands
 * for itself.
 */
export async function withUnits(caller: Caller, trees: UnitTrees | null): Promise<Caller> {
  const first = original.get(caller) ?? caller;
  if (!trees || !isRestricted(first)) return first;
  const tree = await trees.of(first.owner);
  const known = made.get(first);
  if (known?.version === tree.version) return known.caller;
  const expanded = { ...first, groups: first.groups.map((group) => writtenOut(group, tree)) };
  original.set(expanded, first);
  made.set(first, { version: tree.version, caller: expanded });
  return expanded;
}

function writtenOut(group: PrivilegeGroup, tree: UnitTree): PrivilegeGroup {
  const units = unitsOf(group);
  if (!units.some(isSubtree)) return group;
  const orgenhed = new Set(
    units.flatMap((unit): readonly Value[] =>
      isSubtree(unit) ? tree.under(unit.rod.toLowerCase()) : [unit],
    ),
  );
  return { ...group, constraints: { ...group.constraints, orgenhed: [...orgenhed] } };
}
