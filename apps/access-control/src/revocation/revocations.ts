import { Injectable } from '@nestjs/common';
import type { Revocation } from '@stoettesystemer/access';
import { Database, type Statement } from '@stoettesystemer/postgres';
import { type AccessChange, latest, revocationsOf, TOLD_FOR } from './access-change';

/** Where things stand: grows with everything that may take something back. */
export interface Place {
  readonly epoch: string;
  readonly position: number;
}

export interface InForce extends Place {
  readonly revocations: readonly Revocation[];
}

/** What is taken back by hand. */
export interface Withdrawal {
  readonly kind: 'client_id' | 'sub' | 'agr' | 'jti';
  readonly value: string;
  /** CVR; null for the tokens of every municipality. */
  readonly cvr: string | null;
  readonly reason: string;
  /** RFC 3339; null: those that have been issued, as long as they last. */
  readonly until: string | null;
  /** Who does it. */
  readonly system: string;
  readonly subject: string;
}

/** 'revoked'; so that numbers are given in the order in which they can be seen. */
const LOCK = 0x7265766f;
const PLACE = `last_pos + (select coalesce(max(id), 0) from revoked_token)`;
/** An entry as the document has it; what is null is left out. */
const ENTRY = `json_strip_nulls(json_build_object(kind, value, 'cvr', lpad(cvr::text, 8, '0'),
  'before', floor(extract(epoch from before))::bigint, 'until', ceil(extract(epoch from until))::bigint))`;

const placeStatement: Statement = {
  name: 'revocation-place',
  text: `select epoch, ${PLACE} as position from feed_state`,
};
/** All of it at one moment, so that nothing is in the position that is not in the list. */
const inForceStatement = (after: number): Statement => ({
  name: 'revocations',
  text: `
    select epoch, last_pos as last, ${PLACE} as position,
           (select coalesce(json_agg(json_build_object('place', extract(epoch from place), 'owner', lpad(owner::text, 8, '0'),
                'type', type, 'uuid', object_id, 'action', action, 'changed', changed, 'ended', ended,
                'wasActive', was_active,
                'municipalities', array(select lpad(m::text, 8, '0') from unnest(municipalities) m))), '[]')
              from lately_changed($1::int, $2::bigint))::text as changes,
           (select coalesce(json_agg(${ENTRY}), '[]') from revoked_token where until > clock_timestamp())::text as explicit,
           extract(epoch from clock_timestamp())::float8 as now
      from feed_state`,
  values: [TOLD_FOR, after],
});

interface Found extends Place {
  /** Of the feed. */
  readonly last: number;
  /** JSON. */
  readonly changes: string;
  readonly explicit: string;
  /** The database's time, in seconds since 1970. */
  readonly now: number;
}

/** What has been taken back: by what was changed lately, and by hand. */
@Injectable()
export class Revocations {
  /** What follows from changes up to a position: they are looked at once, for they do not change again. */
  private derived = { epoch: '', last: 0, revocations: [] as readonly Revocation[] };

  constructor(private readonly database: Database) {}

  async place(): Promise<Place> {
    const { rows } = await this.database.look({ owner: null }, placeStatement);
    return rows[0] as unknown as Place;
  }

  async inForce(): Promise<InForce> {
    const known = this.derived;
    const found = await this.find(known.last);
    // A database that has been restored: its positions are others.
    if (found.epoch !== known.epoch && known.last > 0) {
      this.derived = { epoch: found.epoch, last: 0, revocations: [] };
      return this.inForce();
    }
    const { epoch, position, last, now } = found;
    const fresh = (JSON.parse(found.changes) as AccessChange[]).flatMap(revocationsOf);
    const derived = latest([...known.revocations, ...fresh]).filter(({ until }) => until > now);
    this.derived = { epoch, last, revocations: derived };
    return {
      epoch,
      position,
      revocations: latest([...derived, ...(JSON.parse(found.explicit) as Revocation[])]),
    };
  }

  private async find(after: number): Promise<Found> {
    const { rows } = await this.database.look({ owner: null }, inForceStatement(after));
    return rows[0] as unknown as Found;
  }

  /** Takes back by hand, in one transaction with the line of the security log. Gives the entry as it is told. */
  async withdraw(wish: Withdrawal, owner: string, audit: Statement): Promise<Revocation> {
    const { kind, value, cvr, until, reason, system, subject } = wish;
    const [, , added] = await this.database.batch({ owner }, [
      audit,
      { name: 'revocation-lock', text: 'select pg_advisory_xact_lock($1)', values: [LOCK] },
      {
        name: 'revocation-add',
        text: `insert into revoked_token (kind, value, cvr, before, until, reason, system, subject)
          values ($1, $2, $3::int, case when $4::timestamptz is null then clock_timestamp() + interval '1 second' end,
            coalesce($4::timestamptz, clock_timestamp() + make_interval(secs => ${TOLD_FOR})), $5, $6::uuid, $7)
          returning (${ENTRY})::text as entry`,
        values: [kind, value, cvr, until, reason, system, subject],
      },
    ]);
    return JSON.parse(added!.rows[0]!['entry'] as string) as Revocation;
  }
}
