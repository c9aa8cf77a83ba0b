/** SQL about what is registered and holds at one moment, for the lists of what the rules are broken by. */
export class Registered {
  /** Placeholders: of the municipality, of it and the common organisation, and of the moment. */
  constructor(
    readonly bind: (value: unknown) => string,
    readonly owner: string,
    readonly owners: string,
    readonly moment: string,
  ) {}

  /** Own live objects of a type, as `from ${…}`; more conditions may follow. */
  own(type: string, o = 'o', joins = ''): string {
    return `object ${o} ${joins} where ${o}.owner = ${this.owner} and ${o}.type = '${type}' and ${this.isLive(o)}`;
  }

  isLive(o: string): string {
    return `${o}.lifecycle not in ('Passiveret', 'Slettet')`;
  }

  /** Whether a fact `f` holds. */
  holds(f: string): string {
    return `upper_inf(${f}.recorded) and ${f}.valid @> ${this.moment}`;
  }

  /** Facts of a facet of an object, as `from ${…}`. */
  facts(o: string, facet: string, f = 'f'): string {
    return `fact ${f} where ${f}.owner = ${o}.owner and ${f}.object_id = ${o}.id and ${f}.facet = '${facet}' and ${this.holds(f)}`;
  }

  /** Whether it says something in a facet that has one timeline. */
  says(o: string, facet: string): string {
    return `exists (select from ${this.single(o, facet)})`;
  }

  /** The UUID that a relation to one points at; null also where it points by a URN. */
  target(o: string, facet: string): string {
    return `(select (f.value->'reference'->>'uuid')::uuid from ${this.single(o, facet)})`;
  }

  /** The UUID or the URN that a relation to one points at, as text. */
  reference(o: string, facet: string): string {
    return `(select coalesce(f.value->'reference'->>'uuid', f.value->'reference'->>'urn') from ${this.single(o, facet)})`;
  }

  /** As `Timeline.isActive`. */
  isActive(o: string): string {
    return `${this.says(o, 'egenskaber')} and not ${this.isInactive(o)}`;
  }

  isInactive(o: string): string {
    return `exists (select from ${this.single(o, 'gyldighed')} and f.value->>'vaerdi' = 'Inaktiv')`;
  }

  private single(o: string, facet: string): string {
    return `fact f where f.owner = ${o}.owner and f.object_id = ${o}.id and f.key = slot_key('${facet}', '') and ${this.holds('f')}`;
  }
}
