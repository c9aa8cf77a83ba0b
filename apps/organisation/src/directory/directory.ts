import type { DirectoryFunction, DirectoryObject, DirectoryUnit } from './directory-object';
import type { Population } from './population';

/** Objects by what they have to do with at any time. */
class ByKey<T extends DirectoryObject> {
  private readonly keys = new Map<string, Map<string, T>>();

  constructor(private readonly keysOf: (object: T) => readonly string[]) {}

  known(): Iterable<string> {
    return this.keys.keys();
  }

  of(key: string): Iterable<T> {
    return this.keys.get(key)?.values() ?? [];
  }

  add(object: T): void {
    for (const key of this.keysOf(object)) {
      const others = this.keys.get(key);
      if (others) others.set(object.uuid, object);
      else this.keys.set(key, new Map([[object.uuid, object]]));
    }
  }

  remove(object: T): void {
    for (const key of this.keysOf(object)) {
      const others = this.keys.get(key);
      if (others?.delete(object.uuid) && others.size === 0) this.keys.delete(key);
    }
  }

  copy(): ByKey<T> {
    const copy = new ByKey<T>(this.keysOf);
    for (const [key, objects] of this.keys) copy.keys.set(key, new Map(objects));
    return copy;
  }
}

const placesOf = ({ states }: DirectoryFunction) => states.flatMap(({ value }) => value.units);
const parentsOf = ({ states }: DirectoryUnit) => states.flatMap(({ value }) => value.fields.overordnet ?? []);
const numbersOf = ({ states }: DirectoryUnit) =>
  states.flatMap(({ value }) => value.tasks.flatMap(({ kleNummer }) => kleNummer ?? []));

/** All units and functions of one municipality, over the whole of virkning, as they are known at one moment. */
export class Directory {
  private readonly ofUnits = new Map<string, DirectoryUnit>();
  private readonly ofFunctions = new Map<string, DirectoryFunction>();
  private members = new ByKey(placesOf);
  private children = new ByKey(parentsOf);
  private tasks = new ByKey(numbersOf);
  /** Who was where when it was last counted; null when something has changed since. */
  population: Population | null = null;

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
    return this.members.of(unit);
  }

  /** The units that are right under it at any time. */
  unitsUnder(unit: string): Iterable<DirectoryUnit> {
    return this.children.of(unit);
  }

  /** The numbers in KLE that any unit has a task in at any time. */
  subjects(): Iterable<string> {
    return this.tasks.known();
  }

  /** The units that have a task of that number at any time. */
  unitsWith(subject: string): Iterable<DirectoryUnit> {
    return this.tasks.of(subject);
  }

  functions(): Iterable<DirectoryFunction> {
    return this.ofFunctions.values();
  }

  set(object: DirectoryObject): void {
    this.delete(object.uuid);
    if (object.kind === 'unit') {
      this.ofUnits.set(object.uuid, object);
      this.children.add(object);
      this.tasks.add(object);
    } else {
      this.ofFunctions.set(object.uuid, object);
      this.members.add(object);
    }
  }

  delete(uuid: string): void {
    this.population = null;
    const unit = this.ofUnits.get(uuid);
    if (unit) {
      this.children.remove(unit);
      this.tasks.remove(unit);
    }
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
    copy.tasks = this.tasks.copy();
    return copy;
  }
}
