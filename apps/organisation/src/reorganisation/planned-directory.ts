import type { Instant } from '@stoettesystemer/object';
import type { Directory } from '../directory/directory';
import { directoryObject, KEPT, type RawFact } from '../directory/directory-object';
import { DirectoryView } from '../directory/directory-view';
import type { Sight } from '../directory/sight';
import type { KnownObject } from './known-object';

const micros = (at: Instant | null): number | null => (at === null ? null : Number(at));

/** A municipality's directory in which a plan takes place, moment by moment. */
export class PlannedDirectory {
  private readonly directory: Directory;

  constructor(
    registered: Directory,
    private readonly sight: Sight,
  ) {
    this.directory = registered.copy();
  }

  at(moment: Instant): DirectoryView {
    return new DirectoryView(this.directory, this.sight, Number(moment));
  }

  /** Takes an object in as it will be; who may see it is as now. */
  take(object: KnownObject): void {
    const { uuid, type, places } = object;
    const kept = KEPT.find((each) => each.type.name === type.name);
    if (!kept) return;
    const facets: readonly string[] = kept.facets;
    const facts = places
      .filter(({ facet }) => facets.includes(facet))
      .flatMap(({ facet, key }) =>
        object
          .now(facet, key)
          .map(({ period, value }): RawFact => [facet, value!, micros(period.from)!, micros(period.to)]),
      );
    const { kind } = kept;
    const known = kind === 'unit' ? this.directory.unit(uuid) : this.directory.function(uuid);
    const base = { uuid, restrictions: known?.restrictions ?? [] };
    this.directory.set(directoryObject(kind, base, facts, this.directory.intern));
  }
}
