import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@stoettesystemer/postgres';

/** Waits for an IdP's answer. */
export interface AskedIdp {
  readonly uid: string;
  readonly client: string;
  readonly owner: string;
  /** UUID of the it-system that is the IdP. */
  readonly idp: string;
  /** Of OIDC: what the answer is held against. */
  readonly verifier?: string;
  readonly nonce?: string;
}

const EVERYBODY = { owner: null };
const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Steps of logins under way, shared by all instances. The clock is the database's. */
@Injectable()
export class LoginSteps {
  constructor(private readonly database: Database) {}

  async keep(kind: 'spurgt' | 'svaret', key: string, content: object, seconds: number): Promise<void> {
    await this.database.batch(EVERYBODY, [
      { name: 'login-forget', text: 'delete from login_step where expires < now()' },
      {
        name: 'login-keep',
        text: `insert into login_step (key, kind, content, expires)
          values ($1::bytea, $2, $3::jsonb, now() + make_interval(secs => $4::int))`,
        values: [hashOf(key), kind, JSON.stringify(content), seconds],
      },
    ]);
  }

  /** The step, to whoever comes first; null when it is taken, too old or never was. */
  async take(kind: 'spurgt' | 'svaret', key: string): Promise<unknown> {
    const { rows } = await this.database.run(EVERYBODY, {
      name: 'login-take',
      text: `delete from login_step where key = $1::bytea and kind = $2
        returning case when expires > now() then content::text end as content`,
      values: [hashOf(key), kind],
    });
    const content = rows[0]?.['content'];
    return typeof content === 'string' ? (JSON.parse(content) as unknown) : null;
  }
}
