import { Injectable } from '@nestjs/common';
import { Database, type Row, type Statement } from '@stoettesystemer/postgres';
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';

const SWEEP_EVERY = 60_000;
const FIND = 'select content, consumed is not null as consumed from token_entry where until > now()';

/** Sessions, codes and the like: short-lived, shared by all processes, and gone when they end. */
@Injectable()
export class TokenStore {
  private swept = 0;

  constructor(private readonly database: Database) {}

  /** @param seconds how long it is kept. */
  async put(kind: string, id: string, content: object, seconds: number): Promise<void> {
    await this.sweep();
    const { grantId, uid } = content as { grantId?: string; uid?: string };
    await this.run({
      name: 'token-entry-put',
      text: `insert into token_entry (kind, id, content, grant_id, uid, until)
        values ($1, $2, $3::json, $4, $5, now() + make_interval(secs => $6))
        on conflict (kind, id) do update
          set content = excluded.content, grant_id = excluded.grant_id, uid = excluded.uid, until = excluded.until`,
      values: [kind, id, JSON.stringify(content), grantId ?? null, uid ?? null, seconds],
    });
  }

  async get(kind: string, id: string): Promise<Record<string, unknown> | undefined> {
    const { rows } = await this.database.look(
      { owner: null },
      { name: 'token-entry-get', text: `${FIND} and kind = $1 and id = $2`, values: [kind, id] },
    );
    return contentOf(rows[0]);
  }

  async getByUid(kind: string, uid: string): Promise<Record<string, unknown> | undefined> {
    const { rows } = await this.database.look(
      { owner: null },
      { name: 'token-entry-by-uid', text: `${FIND} and kind = $1 and uid = $2`, values: [kind, uid] },
    );
    return contentOf(rows[0]);
  }

  /** False when somebody else was first: of two that come at once, in any process, one alone gets true. */
  async consume(kind: string, id: string): Promise<boolean> {
    const count = await this.run({
      name: 'token-entry-consume',
      text: 'update token_entry set consumed = now() where kind = $1 and id = $2 and consumed is null and until > now()',
      values: [kind, id],
    });
    return count === 1;
  }

  async remove(kind: string, id: string): Promise<void> {
    await this.run({
      name: 'token-entry-remove',
      text: 'delete from token_entry where kind = $1 and id = $2',
      values: [kind, id],
    });
  }

  async removeGrant(grantId: string): Promise<void> {
    await this.run({
      name: 'token-entry-remove-grant',
      text: 'delete from token_entry where grant_id = $1',
      values: [grantId],
    });
  }

  /** As oidc-provider wants it, for one kind of thing. */
  adapterFor(kind: string): Adapter {
    return {
      upsert: (id, content, seconds = 0) => this.put(kind, id, content, seconds),
      find: (id) => this.get(kind, id),
      findByUid: (uid) => this.getByUid(kind, uid),
      // Only the device flow has user codes, and there is none.
      findByUserCode: () => Promise.resolve(undefined),
      consume: async (id) => {
        if (!(await this.consume(kind, id))) throw new errors.InvalidGrant('already consumed');
      },
      destroy: (id) => this.remove(kind, id),
      revokeByGrantId: (grantId) => this.removeGrant(grantId),
    };
  }

  /** By whoever comes by: one small delete a minute is cheaper than a job that must be kept alive. */
  private async sweep(): Promise<void> {
    if (Date.now() - this.swept < SWEEP_EVERY) return;
    this.swept = Date.now();
    await this.run({
      name: 'token-entry-sweep',
      text: `delete from token_entry where until < now() - interval '1 minute'`,
    });
  }

  private async run(statement: Statement): Promise<number> {
    return (await this.database.run({ owner: null }, statement)).count;
  }
}

function contentOf(row: Row | undefined): (AdapterPayload & Record<string, unknown>) | undefined {
  if (!row) return undefined;
  const content = JSON.parse(String(row['content'])) as Record<string, unknown>;
  return row['consumed'] ? { ...content, consumed: true } : content;
}
