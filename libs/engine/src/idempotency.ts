import { Refusal } from '@stoettesystemer/object';
import type { Database, Statement } from '@stoettesystemer/postgres';
import type { Ask, StoredAnswer } from './ask';

/** After this long a key may be used anew (C6). */
const KEPT = '24 hours';

/** The answer that was given under this key. @throws Refusal 422 when the request was another one. */
export async function recallAnswer(
  database: Database,
  { caller, idempotency }: Ask,
): Promise<StoredAnswer | null> {
  if (!idempotency) return null;
  const { rows } = await database.run(
    { owner: caller.owner },
    {
      name: 'idempotency-recall',
      text: `select status, headers::text, body, hash = $4::bytea as same from idempotency
        where owner = $1::int and system = $2::uuid and key = $3::uuid and created_at > now() - interval '${KEPT}'`,
      values: [Number(caller.owner), caller.system, idempotency.key, idempotency.hash],
    },
  );
  const row = rows[0];
  if (!row) return null;
  if (row['same'] !== true)
    throw new Refusal(422, 'idempotens', 'Idempotency-Key er allerede brugt til en anden forespørgsel.');
  return {
    status: row['status'] as number,
    headers: JSON.parse(row['headers'] as string) as Record<string, string>,
    body: row['body'] as string | null,
  };
}

/**
 * Stores the answer in the transaction it answers for. An outlived key gives way; a living one fails as a duplicate. Two
 * statements, because within one the insert would not see what the delete has done.
 */
export const rememberAnswer = (
  { caller, idempotency }: Ask,
  object: string,
  { status, headers, body }: StoredAnswer,
): Statement[] => [
  {
    name: 'idempotency-outlived',
    text: `delete from idempotency where owner = $1::int and system = $2::uuid and key = $3::uuid
      and created_at <= now() - interval '${KEPT}'`,
    values: [Number(caller.owner), caller.system, idempotency!.key],
  },
  {
    name: 'idempotency-remember',
    text: `insert into idempotency (owner, system, key, hash, object_id, status, headers, body)
      values ($1::int, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, $7::json, $8::text)`,
    values: [
      Number(caller.owner),
      caller.system,
      idempotency!.key,
      idempotency!.hash,
      object,
      status,
      JSON.stringify(headers),
      body,
    ],
  },
];
