import type { Member, OrganisationTree, TreeUnit } from '../tree/organisation-tree';
import type { Directory } from './directory';
import type { DirectoryFunction, DirectoryUnit, FunctionState, UnitState } from './directory-object';
import type { Sight } from './sight';
import { valueAt } from './timed';

export type SeenFunction = readonly [DirectoryFunction, FunctionState];

/** What one caller sees of a directory at one moment of virkning: the units and functions in use. */
export class DirectoryView {
  constructor(
    private readonly directory: Directory,
    private readonly sight: Sight,
    private readonly at: number,
  ) {}

  /** Null when the unit is not in use, or not the caller's to see. */
  stateOf(unit: DirectoryUnit): UnitState | null {
    const state = valueAt(unit.states, this.at);
    return state && this.sight.sees(unit) ? state : null;
  }

  unit(uuid: string): UnitState | null {
    const unit = this.directory.unit(uuid);
    return unit && this.stateOf(unit);
  }

  units(): (readonly [uuid: string, UnitState])[] {
    const found: (readonly [string, UnitState])[] = [];
    for (const unit of this.directory.units()) {
      const state = this.stateOf(unit);
      if (state) found.push([unit.uuid, state]);
    }
    return found;
  }

  function(uuid: string): SeenFunction | null {
    const found = this.directory.function(uuid);
    const state = found && this.stateOfFunction(found);
    return state ? [found, state] : null;
  }

  functionsIn(unit: string): SeenFunction[] {
    const found: SeenFunction[] = [];
    for (const each of this.directory.functionsIn(unit)) {
      const state = this.stateOfFunction(each);
      if (state?.units.includes(unit)) found.push([each, state]);
    }
    return found;
  }

  membersOf(unit: string): Member[] {
    const members: Member[] = [];
    for (const [{ uuid: funktion }, { isPost, type: funktionstype, title: titel, users }] of this.functionsIn(
      unit,
    )) {
      if (!isPost) continue;
      if (users.length === 0) members.push({ funktion, bruger: null, funktionstype, titel });
      for (const bruger of users) members.push({ funktion, bruger, funktionstype, titel });
    }
    return members;
  }

  /** How many people are in the unit, however many posts each has there; null when the caller may not see who. */
  peopleIn(unit: string): number | null {
    if (!this.sight.reachesFunctions) return null;
    const people = new Set<string>();
    for (const [, { isPost, users }] of this.functionsIn(unit))
      if (isPost) for (const user of users) people.add(user);
    return people.size;
  }

  tree(): OrganisationTree {
    const tree = new Map<string, TreeUnit>();
    for (const [uuid, { fields, tasks }] of this.units())
      tree.set(uuid, { uuid, ...fields, opgaver: tasks, medlemmer: this.membersOf(uuid) });
    return tree;
  }

  private stateOfFunction(each: DirectoryFunction): FunctionState | null {
    const state = valueAt(each.states, this.at);
    return state && this.sight.sees(each) ? state : null;
  }
}
