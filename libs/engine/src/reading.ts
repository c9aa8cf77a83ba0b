import { type AuditEntry, COMMON_OWNER, conditionFor } from '@stoettesystemer/access';
import { type Declaration, fromDatabase, isPersonal, notFound, now } from '@stoettesystemer/object';
import type { Database, Result, Statement } from '@stoettesystemer/postgres';
import type { AsOf, Ask, RegistrationSummary, Snapshot } from './ask';
import type { Copies } from './copies';
import { type Selection, visibleObjects } from './selection';
import { objectColumns, snapshotOf } from './snapshot';
import { Binder } from './statement';

/** What every read needs: the database, and the way into the security log. */
export interface Reach {
  readonly database: Database;
  readonly audit: (entry: AuditEntry) => Statement;
  /** Of at least one entry, all of the same municipality. */
  readonly auditAll: (entries: readonly AuditEntry[]) => Statement;
  readonly copies: Copies;
}

/** What the security log must know of a read beside its result. */
export interface ReadOf {
  /** The objects that were asked for by name: those not found are logged as denied, whether they exist or not (A13). */
  readonly asked?: readonly string[];
  readonly criteria?: unknown;
  /** Texts in the criteria that are names. */
  readonly names?: ReadonlySet<string>;
  /** How many rows at most are released; the statement may ask for more, to see whether there are more. */
  readonly limit?: number;
}

/** Asks the database, in the read's own context. */
export type Run = (statement: Statement) => Promise<Result>;

/** Runs a read; where the type holds personal data its audit row is in the same transaction, or nothing is released (O1). */
export async function released(
  { database, audit }: Reach,
  ask: Ask,
  type: Declaration,
  operation: string,
  read: (run: Run) => Promise<Result>,
  { asked = [], criteria, names, limit }: ReadOf,
): Promise<Result> {
  const context = { owner: ask.caller.owner };
  if (!isPersonal(type)) return read((statement) => database.look(context, statement));
  return database.transaction(context, async (tx) => {
    const result = await read((statement) => tx.run(statement));
    const { caller, transaction, purpose } = ask;
    const objects = result.rows.slice(0, limit).map((row) => row['id'] as string);
    const missing = asked.filter((uuid) => !objects.includes(uuid));
    const entry = { caller, transaction, operation, type: type.name, purpose };
    const given = { ...entry, objects, criteria, names, allowed: true, count: objects.length };
    const denied = { ...entry, objects: missing, allowed: false, rule: 'findes_ikke' };
    await tx.finish([
      ...(objects.length > 0 || missing.length === 0 ? [audit(given)] : []),
      ...(missing.length > 0 ? [audit(denied)] : []),
    ]);
    return result;
  });
}

const selectionOf = (ask: Ask, type: Declaration, at: AsOf): Selection => ({
  type,
  caller: ask.caller,
  verb: 'laes',
  at,
  condition: conditionFor,
});

/** Own before common: where one UUID stands in both, the municipality's own is meant. */
const ownFirst = (ask: Ask, binder: Binder): string =>
  `o.owner <> ${binder.bind(Number(ask.caller.owner))}::int`;

export async function readOne(
  reach: Reach,
  ask: Ask,
  type: Declaration,
  uuid: string,
  at: AsOf,
): Promise<Snapshot> {
  const binder = new Binder();
  const selection = selectionOf(ask, type, at);
  const { source, where } = visibleObjects(selection, binder);
  const { columns, lateral } = objectColumns(selection, binder);
  const statement = binder.statement(
    `select ${columns} from ${source} ${lateral} where ${where} and o.id = ${binder.bind(uuid)}::uuid
      order by ${ownFirst(ask, binder)} limit 1`,
  );
  const { rows } = await released(reach, ask, type, 'laes', (run) => run(statement), { asked: [uuid] });
  if (!rows[0]) throw notFound();
  return snapshotOf(rows[0]);
}

export async function readMany(
  reach: Reach,
  ask: Ask,
  type: Declaration,
  uuids: readonly string[],
  at: AsOf,
): Promise<Snapshot[]> {
  const asked = [...new Set(uuids.map((uuid) => uuid.toLowerCase()))];
  const binder = new Binder();
  const selection = selectionOf(ask, type, at);
  const { source, where } = visibleObjects(selection, binder);
  const { columns, lateral } = objectColumns(selection, binder);
  const statement = binder.statement(
    `select distinct on (o.id) ${columns} from ${source} ${lateral}
      where ${where} and o.id = any(${binder.bind(asked)}::uuid[])
      order by o.id, ${ownFirst(ask, binder)}`,
  );
  const { rows } = await released(reach, ask, type, 'laes_mange', (run) => run(statement), { asked });
  const found = new Map(rows.map((row) => [row['id'] as string, snapshotOf(row)]));
  return asked.flatMap((uuid) => found.get(uuid) ?? []);
}

/** The object's owner, if the caller may see its history. A passive or deleted object still has one. */
async function ownerOf(reach: Reach, ask: Ask, type: Declaration, uuid: string): Promise<number> {
  const binder = new Binder();
  const at: AsOf = { virkning: { at: now() }, registrering: 'nu' };
  const { source, where } = visibleObjects(
    { ...selectionOf(ask, type, at), verb: 'historik', dead: true },
    binder,
  );
  const statement = binder.statement(
    `select o.id, o.owner from ${source} where ${where} and o.id = ${binder.bind(uuid)}::uuid order by ${ownFirst(ask, binder)} limit 1`,
  );
  const { rows } = await released(reach, ask, type, 'historik', (run) => run(statement), { asked: [uuid] });
  if (!rows[0]) throw notFound();
  return rows[0]['owner'] as number;
}

export async function history(
  reach: Reach,
  ask: Ask,
  type: Declaration,
  uuid: string,
  { limit, before }: { limit: number; before: number | null },
): Promise<RegistrationSummary[]> {
  const owner = await ownerOf(reach, ask, type, uuid);
  const { rows } = await reach.database.look(
    { owner: ask.caller.owner },
    {
      name: 'registration-list',
      text: `select r.number, instant(r.recorded_at) as recorded, r.lifecycle, r.actor::text, r.note,
          (select instant(n.recorded_at) from registration n where n.owner = r.owner and n.object_id = r.object_id
            and n.number = r.number + 1) as ended
        from registration r where r.owner = $1::int and r.object_id = $2::uuid and r.number < coalesce($3::int, 2147483647)
        order by r.number desc limit $4::int`,
      values: [owner, uuid, before, limit],
    },
  );
  return rows.map((row) => ({
    number: row['number'] as number,
    from: row['recorded'] as string,
    to: row['ended'] as string | null,
    lifecycle: row['lifecycle'] as string,
    user: row['actor'] === null ? null : (JSON.parse(row['actor'] as string) as unknown),
    note: row['note'] as string | null,
  }));
}

export async function registration(
  reach: Reach,
  ask: Ask,
  type: Declaration,
  uuid: string,
  number: number,
): Promise<Snapshot> {
  const owner = await ownerOf(reach, ask, type, uuid);
  const { rows: found } = await reach.database.look(
    { owner: ask.caller.owner },
    {
      name: 'registration-time',
      text: `select recorded_at::text as at from registration
        where owner = $1::int and object_id = $2::uuid and number = $3::int`,
      values: [owner, uuid, number],
    },
  );
  if (!found[0]) throw notFound();
  const binder = new Binder();
  const at: AsOf = { virkning: 'alle', registrering: { at: fromDatabase(found[0]['at'] as string) } };
  const { columns, lateral } = objectColumns({ at }, binder);
  const { rows } = await reach.database.look(
    { owner: ask.caller.owner },
    binder.statement(`select ${columns} from object o
      join registration r on r.owner = o.owner and r.object_id = o.id and r.number = ${binder.bind(number)}::int ${lateral}
      where o.owner = ${binder.bind(owner)}::int and o.id = ${binder.bind(uuid)}::uuid`),
  );
  if (!rows[0]) throw notFound();
  return snapshotOf(rows[0]);
}

/** Whether a common object of this type has the UUID and the caller may read it. */
export async function isCommon(reach: Reach, ask: Ask, type: Declaration, uuid: string): Promise<boolean> {
  const binder = new Binder();
  const at: AsOf = { virkning: { at: now() }, registrering: 'nu' };
  const { source, where } = visibleObjects(selectionOf(ask, type, at), binder);
  const statement = binder.statement(
    `select 1 as one from ${source} where ${where} and o.id = ${binder.bind(uuid)}::uuid and o.owner = ${binder.bind(Number(COMMON_OWNER))}::int`,
  );
  return (await reach.database.look({ owner: ask.caller.owner }, statement)).count > 0;
}
