import type { DirectoryFunction, DirectoryObject, DirectoryUnit } from './directory-object';

/** Units that it is in, or under, at any time. */
const placesOf = (object: DirectoryObject): string[] =>
  object.kind === 'function'
    ? object.states.flatMap(({ value }) => value.units)
    : object.states.flatMap(({ value }) => value.fields.overordnet ?? []);

/** Objects by the units that they are in. */
class Places<T extends DirectoryObject> {
  private readonly units = new Map<string, Map<string, T>>();

  in(unit: string): Iterable<T> {
    return this.units.get(unit)?.values() ?? [];
  }

  add(object: T): void {
    for (const unit of placesOf(object)) {
      const others = this.units.get(unit);
      if (others) others.set(object.uuid, object);
      else this.units.set(unit, new Map([[object.uuid, object]]));
    }
  }

  remove(object: T): void {
    for (const unit of placesOf(object)) this.units.get(unit)?.delete(object.uuid);
  }

  copy(): Places<T> {
    const copy = new Places<T>();
    for (const [unit, objects] of this.units) copy.units.set(unit, new Map(objects));
    return copy;
  }
}

/** All units and functions of one municipality, over the whole of virkning, as they are known at one moment. */
export class Directory {
  private readonly ofUnits = new Map<string, DirectoryUnit>();
  private readonly ofFunctions = new Map<string, DirectoryFunction>();
  private members = new Places<DirectoryFunction>();
  private children = new Places<DirectoryUnit>();

  constructor(
    readonly owner: string,
    private readonly texts = new Map<string, string>(),
  ) {}

  /** The same texts stand in thousands of objects, and are kept once. */
  readonly intern = (text: string): string => {
    const known = this.texts.get(text);
    if (known === undefined) this.texts.set(text, text);
    return known ?? text;
  };

  get size(): number {
    return this.ofUnits.size + this.ofFunctions.size;
  }

  units(): Iterable<DirectoryUnit> {
    return this.ofUnits.values();
  }

  unit(uuid: string): DirectoryUnit | null {
    return this.ofUnits.get(uuid) ?? null;
  }

  function(uuid: string): DirectoryFunction | null {
    return this.ofFunctions.get(uuid) ?? null;
  }

  /** The functions that are in the unit at any time. */
  functionsIn(unit: string): Iterable<DirectoryFunction> {
    return this.members.in(unit);
  }

  /** The units that are right under it at any time. */
  unitsUnder(unit: string): Iterable<DirectoryUnit> {
    return this.children.in(unit);
  }

  set(object: DirectoryObject): void {
    this.delete(object.uuid);
    if (object.kind === 'unit') {
      this.ofUnits.set(object.uuid, object);
      this.children.add(object);
    } else {
      this.ofFunctions.set(object.uuid, object);
      this.members.add(object);
    }
  }

  delete(uuid: string): void {
    const unit = this.ofUnits.get(uuid);
    if (unit) this.children.remove(unit);
    const each = this.ofFunctions.get(uuid);
    if (each) this.members.remove(each);
    this.ofUnits.delete(uuid);
    this.ofFunctions.delete(uuid);
  }

  copy(): Directory {
    const copy = new Directory(this.owner, this.texts);
    for (const [uuid, unit] of this.ofUnits) copy.ofUnits.set(uuid, unit);
    for (const [uuid, each] of this.ofFunctions) copy.ofFunctions.set(uuid, each);
    copy.members = this.members.copy();
    copy.children = this.children.copy();
    return copy;
  }
}
