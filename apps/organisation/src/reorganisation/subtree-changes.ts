import type { OrganisationTree } from '../tree/organisation-tree';
import { Descent } from './descent';

export interface SubtreeChange {
  readonly enhed: string;
  /** How many units come under it, and how many no longer are. */
  readonly tilgaar: number;
  readonly fragaar: number;
}

/** The units that have other units under them in the second tree; those that are in both. */
export function subtreeChanges(before: OrganisationTree, after: OrganisationTree): SubtreeChange[] {
  const [then, now] = [new Descent(before), new Descent(after)];
  const moved = [...new Set([...before.keys(), ...after.keys()])].filter(
    (uuid) => before.has(uuid) !== after.has(uuid) || then.parentOf(uuid) !== now.parentOf(uuid),
  );
  const over = new Set(moved.flatMap((uuid) => [...then.above(uuid), ...now.above(uuid)]));
  return [...over]
    .filter((uuid) => before.has(uuid) && after.has(uuid))
    .map((enhed) => {
      const [was, is] = [then.under(enhed), now.under(enhed)];
      return {
        enhed,
        tilgaar: [...is].filter((uuid) => !was.has(uuid)).length,
        fragaar: [...was].filter((uuid) => !is.has(uuid)).length,
      };
    })
    .filter(({ tilgaar, fragaar }) => tilgaar + fragaar > 0)
    .sort((a, b) => (a.enhed < b.enhed ? -1 : 1));
}
