import { memberKey, type OrganisationTree, taskKey, type TreeUnit } from './organisation-tree';
import type { TreeChange } from './tree-change';

/**
 * The tree as it is when the changes have been made, one after the other.
 * @throws Error where one of them is of something that is not there, or that is there already, or closes a unit with
 * somebody or something still in it.
 */
export function applyChanges(tree: OrganisationTree, changes: readonly TreeChange[]): OrganisationTree {
  const units = new Map(tree);
  for (const change of changes) {
    const { enhed } = change;
    const unit = units.get(enhed);
    if (change.slags === 'Oprettet') {
      if (unit) throw misfit(change);
      units.set(enhed, { uuid: enhed, ...change.nu, opgaver: [], medlemmer: [] });
    } else if (!unit) throw misfit(change);
    else if (change.slags === 'Lukket') {
      if (unit.opgaver.length > 0 || unit.medlemmer.length > 0) throw misfit(change);
      units.delete(enhed);
    } else units.set(enhed, changed(unit, change));
  }
  return units;
}

const misfit = ({ slags, enhed }: TreeChange) => new Error(`${slags} does not fit unit ${enhed}`);

function changed(
  unit: TreeUnit,
  change: Exclude<TreeChange, { readonly slags: 'Oprettet' | 'Lukket' }>,
): TreeUnit {
  const has = {
    task: holds(unit.opgaver, taskKey, change),
    member: holds(unit.medlemmer, memberKey, change),
  };
  switch (change.slags) {
    case 'Omdoebt':
      return { ...unit, ...change.nu };
    case 'TypeAendret':
      return { ...unit, enhedstype: change.nu };
    case 'Flyttet':
      return { ...unit, overordnet: change.nu };
    case 'OpgaveFjernet':
      return { ...unit, opgaver: has.task.without(change.opgave) };
    case 'OpgaveTilfoejet':
      return { ...unit, opgaver: has.task.with(change.opgave) };
    case 'MedlemFjernet':
      return { ...unit, medlemmer: has.member.without(change.medlem) };
    case 'MedlemTilfoejet':
      return { ...unit, medlemmer: has.member.with(change.medlem) };
    case 'MedlemAendret':
      return {
        ...unit,
        medlemmer: [...has.member.without(change.foer), change.nu],
      };
  }
}

/** A list of things that are told apart by a key. */
const holds = <T>(items: readonly T[], keyOf: (item: T) => string, change: TreeChange) => {
  const others = (item: T) => items.filter((each) => keyOf(each) !== keyOf(item));
  return {
    with: (item: T): T[] => {
      if (others(item).length !== items.length) throw misfit(change);
      return [...items, item];
    },
    without: (item: T): T[] => {
      if (others(item).length === items.length) throw misfit(change);
      return others(item);
    },
  };
};
