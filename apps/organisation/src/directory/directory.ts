import type { DirectoryFunction, DirectoryObject, DirectoryUnit } from './directory-object';

const unitsOf = ({ states }: DirectoryFunction): string[] => states.flatMap(({ value }) => value.units);

/** All units and functions of one municipality, over the whole of virkning, as they are known at one moment. */
export class Directory {
  private readonly objects = new Map<string, DirectoryObject>();
  private readonly members = new Map<string, Map<string, DirectoryFunction>>();
  private readonly ofUnits = new Map<string, DirectoryUnit>();

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
    return this.objects.size;
  }

  units(): Iterable<DirectoryUnit> {
    return this.ofUnits.values();
  }

  unit(uuid: string): DirectoryUnit | null {
    return this.ofUnits.get(uuid) ?? null;
  }

  function(uuid: string): DirectoryFunction | null {
    const found = this.objects.get(uuid);
    return found?.kind === 'function' ? found : null;
  }

  /** The functions that are in the unit at any time. */
  functionsIn(unit: string): Iterable<DirectoryFunction> {
    return this.members.get(unit)?.values() ?? [];
  }

  set(object: DirectoryObject): void {
    this.delete(object.uuid);
    this.objects.set(object.uuid, object);
    if (object.kind === 'unit') this.ofUnits.set(object.uuid, object);
    else
      for (const unit of unitsOf(object)) {
        const members = this.members.get(unit);
        if (members) members.set(object.uuid, object);
        else this.members.set(unit, new Map([[object.uuid, object]]));
      }
  }

  delete(uuid: string): void {
    const former = this.objects.get(uuid);
    if (!former) return;
    this.objects.delete(uuid);
    this.ofUnits.delete(uuid);
    if (former.kind === 'function') for (const unit of unitsOf(former)) this.members.get(unit)?.delete(uuid);
  }

  copy(): Directory {
    const copy = new Directory(this.owner, this.texts);
    for (const [uuid, object] of this.objects) copy.objects.set(uuid, object);
    for (const [uuid, unit] of this.ofUnits) copy.ofUnits.set(uuid, unit);
    for (const [unit, members] of this.members) copy.members.set(unit, new Map(members));
    return copy;
  }
}
