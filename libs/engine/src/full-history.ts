import {
  type Declaration,
  formatInstant,
  fromDatabase,
  type Instant,
  invalid,
  parseInstant,
  period as p,
  Refusal,
} from '@stoettesystemer/object';
import type { Row, Statement } from '@stoettesystemer/postgres';
import type { Ask, FormerRegistration } from './ask';
import { after, type Draft, draftWhole } from './draft';
import type { Fact, Piece } from './piece';
import { actorOf, type Lifecycle, type Recording } from './recording';
import { checkRequirements, requiredFacets } from './requirements';
import { scopesOf } from './scopes';

/** From which a registration may follow on which; the first follows on nothing (contract §3). */
const FOLLOWS: Readonly<Record<Lifecycle, readonly (Lifecycle | null)[]>> = {
  Opstaaet: [null],
  Importeret: [null, 'Passiveret', 'Slettet'],
  Rettet: ['Opstaaet', 'Importeret', 'Rettet'],
  Passiveret: ['Opstaaet', 'Importeret', 'Rettet'],
  Slettet: ['Opstaaet', 'Importeret', 'Rettet', 'Passiveret'],
};

function lifecycleOf(
  type: Declaration,
  { livscyklus }: FormerRegistration,
  former: Lifecycle | null,
  sti: string,
): Lifecycle {
  const lifecycle = (livscyklus ?? (former === null ? 'Importeret' : 'Rettet')) as Lifecycle;
  if (!Object.hasOwn(FOLLOWS, lifecycle))
    throw invalid('livscyklus', `${sti}/livscyklus`, 'Livscyklus kendes ikke.');
  // What is gone at the source must not come here either.
  const isErased = lifecycle === 'Slettet' && type.deletion === 'physical';
  if (isErased || !FOLLOWS[lifecycle].includes(former))
    throw new Refusal(409, 'livscyklus', 'Registreringernes livscyklus er ikke i en lovlig rækkefølge.', {
      fejl: [{ sti: `${sti}/livscyklus`, kode: 'livscyklus', besked: 'Kan ikke følge på den forrige.' }],
    });
  return lifecycle;
}

/** A new object with every registration it had in the system it comes from; each becomes an event (contract §7). */
export function historyOf(
  ask: Ask,
  type: Declaration,
  uuid: string,
  history: readonly FormerRegistration[],
  present: Instant,
): { recordings: readonly Recording[]; afterwards: readonly Piece[] } {
  if (history.length === 0) throw invalid('historik', '/registreringer', 'Historikken er tom.');
  const times = history.map(({ fra }) => parseInstant(fra));
  const ends = new Map<Piece, Instant>();
  const recordings: Recording[] = [];
  let live: Piece[] = [];
  history.forEach((registration, n) => {
    const sti = `/registreringer/${n}`;
    const at = times[n] ?? null;
    if (at === null)
      throw invalid('tidspunkt', `${sti}/fra`, 'Registreringens fra er ikke et tidspunkt med tidszone.');
    if (n > 0 && at <= times[n - 1]!)
      throw invalid('raekkefoelge', `${sti}/fra`, 'Registreringerne skal stå i rækkefølge.');
    if (at > present) throw invalid('fremtid', `${sti}/fra`, 'En registrering kan ikke ligge i fremtiden.');
    const draft: Draft = draftWhole(type, registration, live as Fact[]);
    for (const piece of draft.close) ends.set(piece, at);
    live = after(live as Fact[], draft);
    checkRequirements(type, requiredFacets(type), live);
    recordings.push({
      type,
      uuid,
      isNew: true,
      number: n + 1,
      at,
      lifecycle: lifecycleOf(type, registration, recordings.at(-1)?.lifecycle ?? null, sti),
      actor: actorOf(ask, registration),
      note: registration.note ?? null,
      sourceTime: registration.tidspunkt ?? null,
      // Facts of a history are written with their end, so nothing is left to close.
      close: [],
      add: draft.add,
      scopes: scopesOf(type, uuid, live),
      changed: draft.changed,
      ends,
      born: times[0]!,
      isLast: n === history.length - 1,
    });
  });
  return { recordings, afterwards: live };
}

/** Everything recorded of objects, believed or not: one text for each registration and each fact. */
export const recordedStatement = (owner: string, uuids: readonly string[]): Statement => ({
  name: 'history-recorded',
  text: `select object_id, number, recorded_at::text as "from", lifecycle || coalesce(' ' || note, '') as content,
      null as until from registration where owner = $1::int and object_id = any($2::uuid[])
    union all
    select object_id, number, valid::text, facet || ' ' || slot || ' ' || value::text || coalesce(' ' || about::text, ''),
      upper(recorded)::text from fact where owner = $1::int and object_id = any($2::uuid[])`,
  values: [Number(owner), uuids],
});

/**
 * Whether a history that is sent again is already there, whatever was recorded after it: every registration at its
 * time, every fact in its registration, and each fact closed when the history says so.
 */
export function isRecorded(rows: readonly Row[], recordings: readonly Recording[]): boolean {
  const wanted = recordings.flatMap(({ number, at, lifecycle, note, add, ends }) => [
    { text: `${number} ${formatInstant(at!)} ${lifecycle}${note === null ? '' : ` ${note}`}`, until: null },
    ...add.map((piece) => ({ text: `${number} ${contentOf(piece)}`, until: ends?.get(piece) ?? null })),
  ]);
  const old = rows.filter((row) => (row['number'] as number) <= recordings.length);
  const found = new Map(old.map((row) => [textOf(row), row['until'] as string | null]));
  const last = recordings.at(-1)!.at!;
  return (
    old.length === wanted.length &&
    wanted.every(({ text, until }) => {
      const closed = found.get(text);
      if (closed === undefined) return false;
      const end = closed === null ? null : fromDatabase(closed);
      return until === null ? end === null || end > last : end === until;
    })
  );
}

const contentOf = ({ period, facet, slot, value, about }: Piece): string =>
  `${p.toRange(period)} ${facet} ${slot} ${value}${about === null ? '' : ` ${about}`}`;

/** Instants in one writing: the database has its own. */
function textOf(row: Row): string {
  const from = row['from'] as string;
  const when = from.startsWith('[') ? p.toRange(p.fromRange(from)) : formatInstant(fromDatabase(from));
  return `${row['number']} ${when} ${row['content']}`;
}
