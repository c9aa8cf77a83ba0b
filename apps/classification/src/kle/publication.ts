import { startOfDanishDay } from './danish-day';
import { type KleEntry, ophoert } from './entry';

export interface PublicationPeriod {
  readonly vaerdi: 'Publiceret' | 'IkkePubliceret';
  /** RFC 3339 in UTC, half-open. */
  readonly virkning: { readonly fra: string; readonly til: string | null };
}

type Dated = Pick<KleEntry, 'oprettet' | 'udgaaet' | 'flyttet'>;
const earliest = (a: string, b: string): string => (a < b ? a : b);
const latest = (a: string, b: string): string => (a > b ? a : b);

type Renamed = Pick<KleEntry, 'oprettet' | 'rettet'>;

/** Nothing, if the days leave nothing: KLE has some 130 entries that expired the day they were created. */
const period = (vaerdi: PublicationPeriod['vaerdi'], fra: string, til?: string): PublicationPeriod[] =>
  til !== undefined && fra >= til
    ? []
    : [
        {
          vaerdi,
          virkning: { fra: startOfDanishDay(fra), til: til === undefined ? null : startOfDanishDay(til) },
        },
      ];

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
  const start = entry.oprettet ?? before?.oprettet ?? end ?? udgivelsesdato;
  if (!before) return [...period('Publiceret', start, end), ...(end ? period('IkkePubliceret', end) : [])];

  const oldEnd = ophoert(before);
  const moved = before.oprettet ? border(before.oprettet, start, end) : [];
  if (end === oldEnd) return moved;
  if (end === undefined) return [...moved, ...period('Publiceret', udgivelsesdato)];
  const longer = oldEnd === undefined ? [] : period('Publiceret', latest(oldEnd, start), end);
  return [...moved, ...longer, ...period('IkkePubliceret', end)];
}

/** What changes when the day an entry begins is corrected. */
const border = (from: string, to: string, end = to): PublicationPeriod[] =>
  to < from
    ? period('Publiceret', to, earliest(from, end))
    : period('IkkePubliceret', from, earliest(to, end));

/**
 * The day from which an entry's changed title holds: the RettetDato that the register did not know, unless it lies
 * before the entry's creation, which happens; else the edition's day.
 */
export function renamedFrom(entry: Renamed, udgivelsesdato: string, before?: Partial<Renamed>): string {
  const last = [...entry.rettet].sort().at(-1);
  const isNew = last !== undefined && before?.rettet !== undefined && !before.rettet.includes(last);
  return isNew && last > (entry.oprettet ?? '') ? last : udgivelsesdato;
}
