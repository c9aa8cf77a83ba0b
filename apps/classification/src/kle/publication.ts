import { startOfDanishDay } from '@stoettesystemer/object';
import { type KleEntry, ophoert } from './entry';

export interface PublicationPeriod {
  readonly vaerdi: 'Publiceret' | 'IkkePubliceret';
  /** RFC 3339 in UTC, half-open. */
  readonly virkning: { readonly fra: string; readonly til: string | null };
}

type Dated = Pick<KleEntry, 'oprettet' | 'udgaaet' | 'flyttet'>;
type Renamed = Pick<KleEntry, 'oprettet' | 'rettet'>;
type Value = PublicationPeriod['vaerdi'];

/** Days are compared as text. An end is checked first: KLE has some 130 entries that expired the day they were created. */
const valueAt = (day: string, start: string | undefined, end: string | undefined): Value | undefined =>
  end !== undefined && day >= end
    ? 'IkkePubliceret'
    : start !== undefined && day >= start
      ? 'Publiceret'
      : undefined;

/** The value of each day from one of `days` to the next, as periods; days without a value are left out. */
function periodsOf(
  days: readonly string[],
  valueOn: (day: string) => Value | undefined,
): PublicationPeriod[] {
  const steps = [...new Set(days)].sort().map((day) => ({ day, vaerdi: valueOn(day) }));
  const changes = steps.filter(({ vaerdi }, i) => vaerdi !== steps[i - 1]?.vaerdi);
  return changes.flatMap(({ day, vaerdi }, i) => {
    const next = changes[i + 1]?.day;
    const til = next === undefined ? null : startOfDanishDay(next);
    return vaerdi ? [{ vaerdi, virkning: { fra: startOfDanishDay(day), til } }] : [];
  });
}

/**
 * What an edition says of an entry's publication that is not yet known: periods to lay over those that are, in order
 * and without overlap. Empty when it says nothing new. `udgivelsesdato` is the edition's day.
 * - New: published from its creation to its end, then not.
 * - Ended: no longer published from that day on.
 * - Listed as in use after having ended: published again from the edition's day, since nobody says from when.
 * - A day that is corrected moves the border it stands for.
 * RettetDato says when a title changed, so one before OprettetDato moves nothing here.
 */
export function publicationOf(entry: Dated, udgivelsesdato: string, before?: Dated): PublicationPeriod[] {
  const end = ophoert(entry);
  if (!before) {
    const start = entry.oprettet ?? end ?? udgivelsesdato;
    return periodsOf([start, end ?? start], (day) => valueAt(day, start, end));
  }
  const oldEnd = ophoert(before);
  // An edition that does not say when an entry was created says nothing about that border.
  const start = entry.oprettet ?? '';
  const oldStart = entry.oprettet === undefined ? '' : before.oprettet;
  const isPause = (day: string): boolean =>
    oldEnd !== undefined && end === undefined && day >= oldEnd && day < udgivelsesdato;
  const days = [start, oldStart, end, oldEnd, udgivelsesdato].filter((day) => day !== undefined);
  return periodsOf(days, (day) => {
    const old = valueAt(day, oldStart, oldEnd);
    const isCut = oldStart !== undefined && day >= oldStart;
    const now = isPause(day) ? old : (valueAt(day, start, end) ?? (isCut ? 'IkkePubliceret' : undefined));
    return now === old ? undefined : now;
  });
}

/**
 * The day from which an entry's changed title holds: the RettetDato that the register did not know, unless it lies
 * before the entry's creation, which happens; else the edition's day.
 */
export function renamedFrom(entry: Renamed, udgivelsesdato: string, before?: Partial<Renamed>): string {
  const last = [...entry.rettet].sort().at(-1);
  const isNew = last !== undefined && before?.rettet !== undefined && !before.rettet.includes(last);
  return isNew && last > (entry.oprettet ?? '') ? last : udgivelsesdato;
}
