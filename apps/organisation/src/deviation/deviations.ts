import { Injectable } from '@nestjs/common';
import { type Caller, conditionFor } from '@stoettesystemer/access';
import { Binder, fieldCode } from '@stoettesystemer/engine';
import { OrganisationFunktion, organisationTypes } from '@stoettesystemer/model';
import { formatInstant, type Instant, now } from '@stoettesystemer/object';
import { Database, type Result, type Statement } from '@stoettesystemer/postgres';
import { toldRules } from '../rules';
import type { Law } from '../rules/law';
import { Registered } from '../rules/registered';
import { ADVICE } from './advice';

const JUDGEMENTS = { regel: toldRules, raad: ADVICE } as const;
const LAWS = new Map<string, Law>(
  [...toldRules, ...ADVICE].flatMap(({ laws }) => laws).map((law) => [law.kode, law]),
);

/** Which deviations are asked for. */
export interface Wish {
  readonly niveau: Law['niveau'];
  readonly regel: string | null;
  /** UUID of an object that it is about. */
  readonly objekt: string | null;
  /** UUID of a unit that it is about, itself or a function of it. */
  readonly enhed: string | null;
  readonly moment: Instant;
  readonly limit: number;
  /** The last one of the page before. */
  readonly after: readonly [kode: string, uuid: string, om: string] | null;
}

export interface Deviation {
  readonly law: Law;
  readonly objekttype: string;
  readonly uuid: string;
  /** UUID of another object that has to do with it. */
  readonly om: string | null;
}

/** Compiling so long a statement takes longer than running it, and a plan for any municipality and time is good for none. */
const PLANNED_ANEW: Statement = {
  name: 'planned-anew',
  text: `select set_config('jit', 'off', true), set_config('plan_cache_mode', 'force_custom_plan', true)`,
};

const NOBODY = '00000000-0000-0000-0000-000000000000';
export const placeOf = ({ law, uuid, om }: Deviation): [string, string, string] => [
  law.kode,
  uuid,
  om ?? NOBODY,
];

/** Finds what is registered against the rules, worked out from what is registered: nothing is kept of it. */
@Injectable()
export class Deviations {
  constructor(private readonly database: Database) {}

  /** Of the municipality's own objects, those that the caller may see; in the order of code and UUID. */
  async find(caller: Caller, wish: Wish): Promise<Deviation[]> {
    const binder = new Binder();
    const { bind } = binder;
    const owner = `${bind(Number(caller.owner))}::int`;
    const owners = `array[${owner}, 19435075]`;
    const registered = new Registered(owner, owners, `${bind(formatInstant(wish.moment))}::timestamptz`);
    const laws = [...LAWS.values()].filter((law) => isAskedFor(law, wish)).map(({ kode }) => kode);
    const judgements = JUDGEMENTS[wish.niveau].filter((each) =>
      each.laws.some(({ kode }) => laws.includes(kode)),
    );
    if (judgements.length === 0) return [];
    const selects = judgements.map((each) => each.deviations(registered)).join('\nunion all\n');
    const statement = binder.statement(
      `with ${registered.tables} select d.kode, o.type, d.id, d.om from (${selects}) d (kode, id, om)
        join object o on o.owner = ${owner} and o.id = d.id
        where d.kode = any(${bind(laws)}::text[]) and (${visible(caller, bind)})${narrowed(wish, owner, bind)}
        order by d.kode collate "C", d.id, coalesce(d.om, '${NOBODY}') limit ${bind(wish.limit)}::int`,
    );
    const [, found] = (await this.database.batch({ owner: caller.owner }, [PLANNED_ANEW, statement])) as [
      Result,
      Result,
    ];
    return found.rows.map(({ kode, type, id, om }) => ({
      law: LAWS.get(kode as string)!,
      objekttype: type as string,
      uuid: id as string,
      om: om as string | null,
    }));
  }
}

/** A page begins where the one before ended, and what lies before need not be judged again. */
const isAskedFor = ({ kode, niveau, regel }: Law, wish: Wish): boolean =>
  niveau === wish.niveau &&
  (wish.regel === null || regel === wish.regel) &&
  (wish.after === null || kode >= wish.after[0]);

type Bind = Binder['bind'];

const visible = (caller: Caller, bind: Bind): string =>
  organisationTypes
    .map((type) => {
      const moment = () => bind(`${now()}`);
      return `o.type = '${type.name}' and ${conditionFor(caller, type, 'laes', { object: 'o', moment, bind })}`;
    })
    .join(' or ');

function narrowed({ objekt, enhed, after }: Wish, owner: string, bind: Bind): string {
  const conditions: string[] = [];
  if (objekt !== null) conditions.push(`${bind(objekt)}::uuid in (d.id, d.om)`);
  if (enhed !== null) {
    const unit = bind(enhed);
    const code = fieldCode(OrganisationFunktion.name, 'tilknyttedeEnheder');
    conditions.push(`(d.id = ${unit}::uuid or exists (select from term t where t.owner = ${owner} and t.field = ${code}
      and t.value = ${unit}::text and t.object_id = d.id and t.believed))`);
  }
  if (after !== null) {
    const [kode, uuid, om] = after.map(bind);
    conditions.push(
      `(d.kode collate "C", d.id, coalesce(d.om, '${NOBODY}')) > (${kode}::text, ${uuid}::uuid, ${om}::uuid)`,
    );
  }
  return conditions.map((condition) => ` and ${condition}`).join('');
}
