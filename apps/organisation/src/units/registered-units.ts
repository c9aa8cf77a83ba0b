import type { UnitTree, UnitTrees } from '@stoettesystemer/access';
import { OrganisationEnhed } from '@stoettesystemer/model';
import { type Instant, now, period as p } from '@stoettesystemer/object';
import type { Database } from '@stoettesystemer/postgres';
import { LRUCache } from 'lru-cache';
import { type UnitEdge, type UnitsAt, unitsAt } from './unit-edges';

interface Known {
  readonly stamp: string;
  readonly edges: readonly UnitEdge[];
  readonly at: UnitsAt;
  readonly version: string;
}

/** Municipalities whose trees are remembered; a thousand units take about 300 kB. */
const REMEMBERED = 100;

const REGISTERED = new WeakMap<Database, RegisteredUnits>();

/**
 * The trees of units as they are registered. Each question looks whether a unit has been registered since, which costs
 * a millisecond for 3,000 units: what a unit gives access to follows its move at once (T32).
 */
export class RegisteredUnits implements UnitTrees {
  private readonly known = new LRUCache<string, Known>({ max: REMEMBERED });
  private versions = 0;

  private constructor(private readonly database: Database) {}

  /** One for each database: what guards the door and what tells of the tree remember the same. */
  static in(database: Database): RegisteredUnits {
    let units = REGISTERED.get(database);
    if (!units) REGISTERED.set(database, (units = new RegisteredUnits(database)));
    return units;
  }

  async of(owner: string): Promise<UnitTree> {
    const { version, at } = await this.present(owner);
    return { version, under: at.under };
  }

  /** The whole tree as it is now, and until when it stays so by itself. */
  async at(owner: string): Promise<UnitsAt> {
    return (await this.present(owner)).at;
  }

  private async present(owner: string): Promise<Known> {
    const [stamp, moment] = [await this.stamp(owner), now()];
    let known = this.known.get(owner);
    if (known?.stamp !== stamp) known = this.remembered(owner, stamp, await this.edges(owner), moment);
    else if (known.at.until !== null && known.at.until <= moment)
      known = this.remembered(owner, stamp, known.edges, moment);
    return known;
  }

  private remembered(owner: string, stamp: string, edges: readonly UnitEdge[], moment: Instant): Known {
    const known = { stamp, edges, at: unitsAt(edges, moment), version: `${++this.versions}` };
    this.known.set(owner, known);
    return known;
  }

  /** Another text after each registration of a unit: what commits late has no later time, but one more number. */
  private async stamp(owner: string): Promise<string> {
    const { rows } = await this.database.look(
      { owner },
      {
        name: 'unit-stamp',
        text: `select count(*) || ' ' || coalesce(sum(number), 0) as stamp from object
          where owner = $1::int and type = $2::text`,
        values: [owner, OrganisationEnhed.name],
      },
    );
    return rows[0]?.['stamp'] as string;
  }

  private async edges(owner: string): Promise<UnitEdge[]> {
    const { rows } = await this.database.look(
      { owner },
      {
        name: 'unit-edges',
        text: `select o.id, f.value->'reference'->>'uuid' as parent, f.valid::text as valid from object o
          join fact f on f.owner = o.owner and f.object_id = o.id and f.facet = 'overordnet' and upper_inf(f.recorded)
          where o.owner = $1::int and o.type = $2::text and o.lifecycle not in ('Passiveret', 'Slettet')`,
        values: [owner, OrganisationEnhed.name],
      },
    );
    return rows.flatMap((row) => {
      const parent = row['parent'] as string | null;
      return parent === null
        ? []
        : [
            {
              unit: row['id'] as string,
              parent: parent.toLowerCase(),
              period: p.fromRange(row['valid'] as string),
            },
          ];
    });
  }
}
