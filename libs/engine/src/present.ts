import { type Caller, conditionFor } from '@stoettesystemer/access';
import {
  type Declaration,
  formatInstant,
  type Instant,
  isPersonal,
  notFound,
  now,
} from '@stoettesystemer/object';
import type { Row } from '@stoettesystemer/postgres';
import type { Ask, Snapshot } from './ask';
import type { Copy } from './copies';
import { type Reach, released } from './reading';
import { isLive, ownersOf } from './selection';
import { presentColumns, snapshotOf } from './snapshot';
import { Binder, Blank, type Form } from './statement';

/** One object as it is now, for one caller. Own before common: where one UUID stands in both, the own is meant. */
interface Forms {
  /** Whether it is there and may be seen, and which registration stands. A small plan: it is run for every read. */
  readonly standing: Form;
  /** The same, and all that is shown of it. */
  readonly whole: Form;
}

const STAMP = 'o.recorded_at::text as stamp';

function formsOf(caller: Caller, type: Declaration): Forms {
  const write = (shown: (binder: Binder) => { columns: string; source: string }): Form => {
    const binder = new Binder();
    const { bind } = binder;
    const { columns, source } = shown(binder);
    const moment = () => bind(new Blank('micros'));
    const seen = conditionFor(caller, type, 'laes', { object: 'o', moment, bind });
    return binder.form(`select ${columns}, ${STAMP} from ${source}
      where o.id = ${bind(new Blank('uuid'))}::uuid and o.type = ${bind(type.name)} and ${isLive('o')} and (${seen})
      order by o.owner <> ${bind(Number(caller.owner))}::int limit 1`);
  };
  return {
    standing: write(() => ({ columns: 'o.id, o.owner', source: 'object o' })),
    whole: write(wholeObject),
  };
}

const wholeObject = ({ bind }: Binder) => presentColumns(`${bind(new Blank('moment'))}::timestamptz`);

const known = new WeakMap<Caller, Map<Declaration, Forms>>();

/** Written once for each caller, which is to say once for each token. */
function knownFormsOf(caller: Caller, type: Declaration): Forms {
  let ofCaller = known.get(caller);
  if (!ofCaller) known.set(caller, (ofCaller = new Map<Declaration, Forms>()));
  let forms = ofCaller.get(type);
  if (!forms) ofCaller.set(type, (forms = formsOf(caller, type)));
  return forms;
}

/** The object as it is now. @throws Refusal 404 when it is not there, or not the caller's to know. */
export async function readPresent(
  reach: Reach,
  ask: Ask,
  type: Declaration,
  uuid: string,
): Promise<Snapshot> {
  const { caller } = ask;
  const moment = now();
  const { standing, whole } = knownFormsOf(caller, type);
  const given = { uuid, micros: `${moment}` };
  // What is told of persons is kept nowhere but where it can be erased.
  const mayKeep = !isPersonal(type);
  const copy = mayKeep ? reach.copies.find(ownersOf(caller), uuid, moment) : null;
  let isCopyGood = false;
  const { rows } = await released(
    reach,
    ask,
    type,
    'laes',
    async (run) => {
      if (copy) {
        const found = await run(standing.fill(given));
        isCopyGood = found.rows.some((row) => row['owner'] === copy.owner && row['stamp'] === copy.stamp);
        if (isCopyGood || !found.rows[0]) return found;
      }
      return run(whole.fill({ ...given, moment: formatInstant(moment) }));
    },
    { asked: [uuid] },
  );
  const row = rows[0];
  if (!row) throw notFound();
  if (copy && isCopyGood) return copy;
  const made = copyOf(row, moment);
  if (mayKeep) reach.copies.keep(made);
  return made;
}

function copyOf(row: Row, moment: Instant): Copy {
  const { until } = row;
  return {
    ...snapshotOf(row),
    owner: row['owner'] as number,
    stamp: row['stamp'] as string,
    from: moment,
    until: until === null ? null : BigInt(until as number),
  };
}

/** An object that a search has found, and the time of the registration that it found. */
export interface Found {
  readonly id: string;
  readonly owner: number;
  readonly stamp: string;
}

const manyForm = ((binder: Binder) => {
  const { columns, source } = wholeObject(binder);
  const [owners, ids] = [binder.bind(new Blank('owners')), binder.bind(new Blank('ids'))];
  return binder.form(`select ${columns}, ${STAMP} from ${source}
    where (o.owner, o.id) in (select * from unnest(${owners}::int[], ${ids}::uuid[]))`);
})(new Binder());

/**
 * What is shown of objects that a search has just found and judged, in their order; null when one of them has been
 * registered anew since, so that the search must be made again.
 */
export async function bodiesOf(
  { database, copies }: Reach,
  { caller }: Ask,
  found: readonly Found[],
  moment: Instant,
): Promise<string[] | null> {
  const bodies = new Map<Found, string>();
  const missing: Found[] = [];
  for (const each of found) {
    const copy = copies.find([each.owner], each.id, moment);
    if (copy?.stamp === each.stamp) bodies.set(each, copy.body);
    else missing.push(each);
  }
  if (missing.length > 0) {
    const statement = manyForm.fill({
      owners: missing.map(({ owner }) => owner),
      ids: missing.map(({ id }) => id),
      moment: formatInstant(moment),
    });
    const { rows } = await database.look({ owner: caller.owner }, statement);
    const made = new Map(rows.map((row) => [`${row['owner']}/${row['id']}`, copyOf(row, moment)]));
    for (const each of missing) {
      const copy = made.get(`${each.owner}/${each.id}`);
      if (copy?.stamp !== each.stamp) return null;
      copies.keep(copy);
      bodies.set(each, copy.body);
    }
  }
  return found.map((each) => bodies.get(each)!);
}
