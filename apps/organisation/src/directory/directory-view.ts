import type { Member, OrganisationTree, Task, TreeUnit, UnitFields } from '../tree/organisation-tree';
import { taskKey } from '../tree/organisation-tree';
import type { Directory } from './directory';
import { type DirectoryFunction, type DirectoryUnit, isPost } from './directory-object';
import type { Sight } from './sight';
import { valueAt, valuesAt } from './timed';

/** What one caller sees of a directory at one moment of virkning: the units and functions in use. */
export class DirectoryView {
  constructor(
    private readonly directory: Directory,
    private readonly sight: Sight,
    private readonly at: number,
  ) {}

  /** Whether the unit is there, may be seen, and is in use. */
  fieldsOf(unit: DirectoryUnit): UnitFields | null {
    const name = valueAt(unit.name, this.at);
    if (!name || valueAt(unit.state, this.at) === 'Inaktiv' || !this.sight.sees(unit)) return null;
    return { ...name, enhedstype: valueAt(unit.type, this.at), overordnet: valueAt(unit.parent, this.at) };
  }

  unit(uuid: string): UnitFields | null {
    const unit = this.directory.unit(uuid);
    return unit && this.fieldsOf(unit);
  }

  *units(): Generator<readonly [DirectoryUnit, UnitFields]> {
    for (const unit of this.directory.units()) {
      const fields = this.fieldsOf(unit);
      if (fields) yield [unit, fields];
    }
  }

  tasksOf({ tasks }: DirectoryUnit | DirectoryFunction): Task[] {
    if (tasks.length === 0) return [];
    return [...new Map(valuesAt(tasks, this.at).map((task) => [taskKey(task), task])).values()];
  }

  /** The functions in the unit that are in use, with their type. */
  *functionsIn(unit: string): Generator<readonly [DirectoryFunction, string | null]> {
    for (const each of this.directory.functionsIn(unit))
      if (this.isInUse(each) && valuesAt(each.units, this.at).includes(unit))
        yield [each, valueAt(each.type, this.at)];
  }

  membersOf(unit: string): Member[] {
    const members: Member[] = [];
    for (const [each, funktionstype] of this.functionsIn(unit)) {
      if (!isPost(funktionstype)) continue;
      const titel = valueAt(each.title, this.at);
      const users = new Set(valuesAt(each.users, this.at));
      const base = { funktion: each.uuid, funktionstype, titel };
      if (users.size === 0) members.push({ ...base, bruger: null });
      for (const bruger of users) members.push({ ...base, bruger });
    }
    return members;
  }

  /** The functions of others that the unit makes use of. */
  usedBy({ functions }: DirectoryUnit): (readonly [DirectoryFunction, string | null])[] {
    return valuesAt(functions, this.at).flatMap((uuid) => {
      const found = this.directory.function(uuid);
      return found && this.isInUse(found) ? [[found, valueAt(found.type, this.at)] as const] : [];
    });
  }

  /** The function's unit. */
  unitOf({ units }: DirectoryFunction): string | null {
    return valueAt(units, this.at);
  }

  systemsOf({ systems }: DirectoryUnit | DirectoryFunction): string[] {
    return valuesAt(systems, this.at);
  }

  tree(): OrganisationTree {
    const tree = new Map<string, TreeUnit>();
    for (const [unit, fields] of this.units())
      tree.set(unit.uuid, {
        uuid: unit.uuid,
        ...fields,
        opgaver: this.tasksOf(unit),
        medlemmer: this.membersOf(unit.uuid),
      });
    return tree;
  }

  private isInUse(each: DirectoryFunction): boolean {
    return (
      each.title.some(({ from, to }) => from <= this.at && this.at < to) &&
      valueAt(each.state, this.at) !== 'Inaktiv' &&
      this.sight.sees(each)
    );
  }
}
