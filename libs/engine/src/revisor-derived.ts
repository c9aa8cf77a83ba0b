import type { Declaration } from '@stoettesystemer/object';
import type { PoolClient } from 'pg';
import { byObject, factOf } from './held';
import type { Fact } from './piece';
import type { Finding } from './revisor-checks';
import { type Scope, scopesOf } from './scopes';
import { termsOf } from './term';

/** Objects looked at in one go. */
const BATCH = 500;

interface ObjectRow {
  readonly owner: number;
  readonly id: string;
  readonly type: string;
  readonly scopes: Scope[];
}
interface TermRow {
  readonly fact: string;
  readonly terms: string[];
}

const keyOf = ({ owner, id }: ObjectRow) => ({ owner, object: id });

/** Works out from the believed facts what was derived of them when they were written, and tells where it differs. */
export async function derivedFindings(
  client: PoolClient,
  types: readonly Declaration[],
  most: number,
): Promise<Finding[]> {
  const byName = new Map(types.map((type) => [type.name, type]));
  const findings: Finding[] = [];
  let after: Pick<ObjectRow, 'owner' | 'id'> = { owner: -1, id: '00000000-0000-0000-0000-000000000000' };
  while (findings.length < most) {
    const { rows } = await client.query<ObjectRow>(
      `select owner, id, type, scopes from object where (owner, id) > ($1::int, $2::uuid) order by owner, id limit ${BATCH}`,
      [after.owner, after.id],
    );
    for (const owner of new Set(rows.map((row) => row.owner)))
      findings.push(
        ...(await differences(
          client,
          owner,
          rows.filter((row) => row.owner === owner),
          byName,
        )),
      );
    const last = rows.at(-1);
    if (!last) break;
    after = last;
  }
  return findings.slice(0, most);
}

async function differences(
  client: PoolClient,
  owner: number,
  objects: readonly ObjectRow[],
  types: ReadonlyMap<string, Declaration>,
): Promise<Finding[]> {
  const [facts, terms] = await believed(
    client,
    owner,
    objects.map(({ id }) => id),
  );
  return objects.flatMap((object): Finding[] => {
    const type = types.get(object.type);
    if (!type) return [{ invariant: 'I6', what: 'Tjenesten har ikke objektets type.', keys: keyOf(object) }];
    const own = facts.get(object.id) ?? [];
    // An erased object keeps the restrictions it had, so that its tombstone is seen by the same callers.
    const hasScopes =
      own.length === 0 ||
      JSON.stringify(inOrder(scopesOf(type, object.id, own))) === JSON.stringify(inOrder(object.scopes));
    const wrong = own.filter((fact) => {
      const expected = termsOf(type, fact).map(({ field, value }) => `${field} ${value}`);
      return expected.sort().join('\n') !== (terms.get(String(fact.id)) ?? []).toSorted().join('\n');
    });
    return [
      ...(hasScopes
        ? []
        : [
            {
              invariant: 'I6' as const,
              what: 'Objektets dataafgrænsning er ikke den, dets oplysninger giver.',
              keys: keyOf(object),
            },
          ]),
      ...wrong.map((fact) => ({
        invariant: 'I6' as const,
        what: 'Oplysningen findes ikke ved søgning på det, den indeholder.',
        keys: { ...keyOf(object), fact: fact.id },
      })),
    ];
  });
}

/** jsonb sorts the members of an object in an order of its own. */
const inOrder = (scopes: readonly Scope[]): Scope[] =>
  scopes.map(({ fra, til, kle, foelsomhed, orgenhed, itsystem, organisation }) => ({
    fra,
    til,
    ...(kle === undefined ? {} : { kle }),
    ...(foelsomhed === undefined ? {} : { foelsomhed }),
    ...(orgenhed === undefined ? {} : { orgenhed }),
    ...(itsystem === undefined ? {} : { itsystem }),
    ...(organisation === undefined ? {} : { organisation }),
  }));

async function believed(
  client: PoolClient,
  owner: number,
  uuids: readonly string[],
): Promise<[Map<string, Fact[]>, Map<string, string[]>]> {
  const { rows } = await client.query<Record<string, string> & { object_id: string }>(
    `select id, object_id, section::text, facet, slot, value::text, about::text, valid::text from fact
      where owner = $1::int and object_id = any($2::uuid[]) and upper_inf(recorded)`,
    [owner, uuids],
  );
  const { rows: terms } = await client.query<TermRow>(
    `select fact, array_agg(field || ' ' || value) as terms from term
      where owner = $1::int and believed and fact = any($2::bigint[]) group by fact`,
    [owner, rows.map(({ id }) => id)],
  );
  const facts = byObject(rows);
  return [
    new Map([...facts].map(([id, list]) => [id, list.map(factOf)])),
    new Map(terms.map(({ fact, terms: list }) => [fact, list])),
  ];
}
