import { OrganisationEnhed } from '@stoettesystemer/model';

/** SQL about what is registered and holds at one moment, for the lists of what the rules are broken by. */
export class Registered {
  /** Placeholders: of the municipality, of it and the common organisation, and of the moment. */
  constructor(
    readonly owner: string,
    readonly owners: string,
    readonly moment: string,
  ) {}

  /**
   * The table `unit` for the head of the statement: own live units with `active`, and `over` and `organisation` as the
   * UUID or URN they point at. Several rules look at all of them.
   */
  get tables(): string {
    const pointed = `coalesce(f.value->'reference'->>'uuid', f.value->'reference'->>'urn')`;
    return `unit as materialized (select o.id, said.active, said.over, said.organisation
      from object o cross join lateral (select
        bool_or(f.facet = 'egenskaber') and not bool_or(f.facet = 'gyldighed' and f.value->>'vaerdi' = 'Inaktiv') as active,
        max(case when f.facet = 'overordnet' then ${pointed} end) as over,
        max(case when f.facet = 'tilhoerer' then ${pointed} end) as organisation
        from fact f where f.owner = ${this.owner} and f.object_id = o.id and ${this.holds('f')}
          and f.facet in ('egenskaber', 'gyldighed', 'overordnet', 'tilhoerer') offset 0) said
      where o.owner = ${this.owner} and o.type = '${OrganisationEnhed.name}' and ${this.isLive('o')})`;
  }

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

  /**
   * Terms `t` that hold, as a table of `owner`, `object_id` and `value`. Kept apart from what it is joined with: where
   * the planner knows nothing of tables yet, it would multiply them with each other.
   */
  told(condition: string): string {
    return `(select t.owner, t.object_id, t.value from term t where ${condition} and t.believed
      and exists (select from fact f where f.owner = t.owner and f.id = t.fact and f.valid @> ${this.moment}) offset 0)`;
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
