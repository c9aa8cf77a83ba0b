import { type Declaration, type Reference } from '@stoettesystemer/object';
import type { Result, Statement, Transaction } from '@stoettesystemer/postgres';
import type { Identity } from './anonymity';
import { assertionsOf } from './assertions';
import { type Held, heldOf, lockStatement } from './held';
import { type RecordedFact, recordedFactOf, recordedFactsOf } from './restating';
import { fieldCode } from './term';

/** An object that points at somebody, under its lock, with all that it ever said where it can point at such. */
export interface Linked {
  readonly type: Declaration;
  readonly held: Held;
  readonly facts: readonly RecordedFact[];
}

/** What points at somebody, now or then, by UUID or by one of these CPR numbers. Other municipalities' are not seen. */
const pointingStatement = (
  owner: string,
  fields: readonly number[],
  uuid: string,
  numbers: readonly string[],
): Statement => ({
  name: 'links-to',
  text: `select distinct object_id as id from term where owner = $1::int and field = any($2::int[])
    and (value = $3::text or (value ~* '^urn:.*:cpr' and right(replace(value, '-', ''), 10) = any($4::text[])))`,
  values: [Number(owner), fields, uuid, numbers],
});

export async function linksTo(
  tx: Transaction,
  owner: string,
  types: readonly Declaration[],
  { name, uuid, numbers }: { name: string; uuid: string; numbers: readonly string[] },
): Promise<Linked[]> {
  const pointing = types.flatMap((type) =>
    Object.entries(type.relations).flatMap(([facet, { targets, search }]) =>
      targets.includes(name) && search ? [{ type: type.name, facet }] : [],
    ),
  );
  const fields = pointing.map(({ type, facet }) => fieldCode(type, facet));
  const { rows } = await tx.run(pointingStatement(owner, fields, uuid, numbers));
  const uuids = rows.map((row) => row['id'] as string).filter((id) => id !== uuid);
  if (uuids.length === 0) return [];
  const [locked, facts] = (await tx.batch([
    lockStatement(owner, uuids),
    recordedFactsOf(owner, uuids, [...new Set(pointing.map(({ facet }) => facet))]),
  ])) as [Result, Result];
  const said = facts.rows.map(recordedFactOf);
  return locked.rows.map(heldOf).flatMap((held) => {
    const type = types.find((each) => each.name === held.type);
    return type ? [{ type, held, facts: said.filter(({ object }) => object === held.uuid) }] : [];
  });
}

/** A fact that points at them, as it says no more than that; null where it says no more already, or points elsewhere. */
export function bareLink(type: Declaration, who: Identity, fact: RecordedFact): RecordedFact | null {
  const { reference } = JSON.parse(fact.value) as { reference?: Reference };
  if (reference === undefined || !who.isMeant(reference)) return null;
  const bare = pointingOnly(type, fact, who.bare(reference));
  const about = who.about(fact.about);
  return !bare || (bare.value === fact.value && about === fact.about) ? null : { ...bare, about };
}

/** A fact by which they point at something, as it says no more than that; null where it points by a number, or not at all. */
export function bareOwn(type: Declaration, fact: RecordedFact): RecordedFact | null {
  const { reference } = JSON.parse(fact.value) as { reference?: Reference };
  if (reference === undefined || !('uuid' in reference)) return null;
  const bare = pointingOnly(type, fact, { uuid: reference.uuid });
  return bare && { ...bare, about: null };
}

/** The fact with this reference, and without what it tells of persons beside it. */
function pointingOnly(type: Declaration, fact: RecordedFact, reference: Reference): RecordedFact | null {
  const relation = type.relations[fact.facet];
  if (!relation) return null;
  const kept = Object.entries(JSON.parse(fact.value) as object).filter(
    ([member]) => relation.fields?.[member]?.personal !== true,
  );
  const said = { ...Object.fromEntries(kept), reference, virkning: { fra: '2000-01-01T00:00:00Z' } };
  const [assertion] = assertionsOf(type, { relationer: { [fact.facet]: [said] } }, 'whole').assertions;
  return assertion?.says.kind === 'set'
    ? { ...fact, slot: assertion.slot, value: assertion.says.value }
    : null;
}
