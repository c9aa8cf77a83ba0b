import type { Caller } from '@stoettesystemer/access';
import { type Declaration, isUuid, period as p } from '@stoettesystemer/object';
import type { Result, Transaction } from '@stoettesystemer/postgres';
import { facetItems } from './facet-items';
import { factOf } from './held';
import type { FacetItems, Pointing } from './rule';
import type { Hold, RuleLocks } from './rule-locks';
import { ownersOf } from './selection';
import { fieldCode } from './term';

/**
 * What rules may see beside the object they judge: other live objects of the service, own and common, as the transaction
 * sees them. All that is written is written before the first rule asks, so what was seen once is not asked for again.
 */
export class RuleSight {
  private readonly seen = new Map<string, Promise<FacetItems | null>>();

  constructor(
    private readonly tx: Transaction,
    private readonly caller: Caller,
    private readonly types: readonly Declaration[],
    private readonly locks: RuleLocks,
  ) {}

  async look(type: string, uuid: string, facets: readonly string[]): Promise<FacetItems | null> {
    // A reference may be a URN, and no object of ours is found by one.
    if (!isUuid(uuid)) return null;
    const key = `${type} ${uuid} ${facets.join(' ')}`;
    let sight = this.seen.get(key);
    if (!sight) this.seen.set(key, (sight = this.fetch(type, uuid, facets)));
    return sight;
  }

  async isEnded(type: string, uuid: string): Promise<boolean> {
    if (!isUuid(uuid)) return false;
    const { count } = await this.tx.run({
      name: 'rule-ended',
      text: `select 1 as one from object where owner = any($1::int[]) and id = $2::uuid and type = $3::text
        and lifecycle in ('Passiveret', 'Slettet')`,
      values: [ownersOf(this.caller), uuid, type],
    });
    return count > 0;
  }

  async pointing(
    at: string,
    { by, during, lacking }: Pointing,
    except: string,
  ): Promise<{ type: string; uuid: string; owner: string }[]> {
    const { rows } = await this.tx.run({
      name: 'rule-pointing',
      text: `select distinct o.type, o.id, o.owner from term t
        join fact f on f.owner = t.owner and f.id = t.fact and f.valid && $5::tstzrange
        join object o on o.owner = t.owner and o.id = t.object_id and o.lifecycle not in ('Passiveret', 'Slettet')
        where t.owner = any($1::int[]) and t.field = any($2::int[]) and t.value = $3::text and t.believed
          and t.object_id <> $4::uuid and ($6::text is null or not (tstzmultirange(f.valid * $5::tstzrange) <@
            coalesce((select range_agg(g.valid) from fact g where g.owner = t.owner and g.object_id = t.object_id
              and g.facet = $6::text and upper_inf(g.recorded)), '{}')))`,
      values: [
        ownersOf(this.caller),
        by.map(([type, relation]) => fieldCode(type, relation)),
        at,
        except,
        during ? p.toRange(during) : '(,)',
        lacking ?? null,
      ],
    });
    return rows.map(({ type, id, owner }) => ({
      type: type as string,
      uuid: id as string,
      owner: String(owner).padStart(8, '0'),
    }));
  }

  async hold(name: string, how: Hold): Promise<void> {
    await this.locks.take(`${this.caller.owner} ${name}`, how);
  }

  /**
   * Live objects, except one, whose searched field (`facet.member`, or a relation) has the value at some time. Whoever
   * asks after the same value at the same time waits until this transaction has ended, so that two cannot both find it
   * free.
   */
  async find(
    typeName: string,
    field: string,
    value: string,
    except: string,
  ): Promise<{ uuid: string; owner: string }[]> {
    const type = this.types.find(({ name }) => name === typeName);
    if (!type) throw new Error(`A rule asks after ${typeName}, which the service does not have`);
    const [facet = '', member = ''] = field.split('.');
    const code = fieldCode(type.name, facet, member);
    const [found] = (await this.locks.take(`${this.caller.owner} ${code} ${value}`, 'alone', [
      {
        name: 'rule-find',
        text: `select distinct owner, object_id from term where owner = any($1::int[]) and field = $2::int
          and value = $3::text and believed and object_id <> $4::uuid`,
        values: [ownersOf(this.caller), code, value, except],
      },
    ])) as [Result];
    return found.count === 0 ? [] : this.alive(found.rows.map((row) => row['object_id'] as string));
  }

  private async alive(uuids: readonly string[]): Promise<{ uuid: string; owner: string }[]> {
    const { rows } = await this.tx.run({
      name: 'rule-alive',
      text: `select id, owner from object where owner = any($1::int[]) and id = any($2::uuid[])
        and lifecycle not in ('Passiveret', 'Slettet')`,
      values: [ownersOf(this.caller), uuids],
    });
    return rows.map((row) => ({ uuid: row['id'] as string, owner: String(row['owner']).padStart(8, '0') }));
  }

  private async fetch(type: string, uuid: string, facets: readonly string[]): Promise<FacetItems | null> {
    const owners = ownersOf(this.caller);
    const [objects, facts] = (await this.tx.batch([
      {
        name: 'rule-object',
        text: `select owner from object where owner = any($1::int[]) and id = $2::uuid and type = $3::text
          and lifecycle not in ('Passiveret', 'Slettet') order by owner <> $4::int limit 1`,
        values: [owners, uuid, type, Number(this.caller.owner)],
      },
      {
        name: 'rule-facts',
        text: `select id, owner, section::text, facet, slot, value::text, about::text, valid::text from fact
          where owner = any($1::int[]) and object_id = $2::uuid and upper_inf(recorded) and facet = any($3::text[])`,
        values: [owners, uuid, facets],
      },
    ])) as [Result, Result];
    const owner = objects.rows[0]?.['owner'];
    if (owner === undefined) return null;
    return facetItems(facts.rows.filter((row) => row['owner'] === owner).map(factOf), facets);
  }
}
