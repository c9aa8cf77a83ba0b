import type { Member, OrganisationTree, TreeUnit } from '../tree/organisation-tree';
import type { Directory } from './directory';
import type { DirectoryFunction, DirectoryUnit, FunctionState, UnitState } from './directory-object';
import type { Sight } from './sight';
import { valueAt } from './timed';

export type SeenFunction = readonly [DirectoryFunction, FunctionState];

const danish = new Intl.Collator('da');

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

  /** @param isWanted is asked first: whether the caller sees a unit costs more. */
  units(isWanted: (state: UnitState) => boolean = () => true): (readonly [uuid: string, UnitState])[] {
    const found: (readonly [string, UnitState])[] = [];
    for (const unit of this.directory.units()) {
      const state = valueAt(unit.states, this.at);
      if (state && isWanted(state) && this.sight.sees(unit)) found.push([unit.uuid, state]);
    }
    return found;
  }

  /** The unit itself and those over it, nearest first, as far as the caller sees. */
  chain(uuid: string): string[] {
    const chain = new Set<string>();
    for (let unit: string | null = uuid; unit !== null && !chain.has(unit);) {
      const state = this.unit(unit);
      if (!state) break;
      chain.add(unit);
      unit = state.fields.overordnet;
    }
    return [...chain];
  }

  /** The units right under it, in the order of their names. */
  unitsUnder(uuid: string): (readonly [uuid: string, UnitState])[] {
    const found = [...this.directory.unitsUnder(uuid)].flatMap((unit) => {
      const state = this.stateOf(unit);
      return state?.fields.overordnet === uuid ? [[unit.uuid, state] as const] : [];
    });
    return found.sort(([, { fields: a }], [, { fields: b }]) => danish.compare(a.navn, b.navn));
  }

  /** The unit and all under it that the caller sees, each once. */
  subtree(root: string): ReadonlySet<string> {
    const found = new Set(this.unit(root) ? [root] : []);
    // A set is walked in the order of its growth, and a ring ends where it began.
    for (const unit of found) for (const [child] of this.unitsUnder(unit)) found.add(child);
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
    // Sixty thousand functions in a large municipality: what is cheap to ask is asked first.
    for (const each of this.directory.functionsIn(unit)) {
      const state = valueAt(each.states, this.at);
      if (!state?.isPost || state.users.length === 0 || !state.units.includes(unit)) continue;
      if (this.sight.sees(each)) for (const user of state.users) people.add(user);
    }
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
