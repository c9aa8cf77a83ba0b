import type { DirectoryView } from '../directory/directory-view';
import type { Task } from '../tree/organisation-tree';
import { type NamedUnit, namedUnit } from './unit-name';

/** How a unit's task is to the subject that is asked for: it, one over it that covers it, or a part of it. */
export type Match = 'Netop' | 'Overordnet' | 'Underordnet';

export interface Responsible {
  readonly enhed: NamedUnit;
  readonly opgave: Task;
  readonly match: Match;
}

/** Null when the two have nothing to do with each other. */
export function matchOf(number: string | null, asked: string): Match | null {
  if (number === null) return null;
  if (number === asked) return 'Netop';
  if (asked.startsWith(`${number}.`)) return 'Overordnet';
  return number.startsWith(`${asked}.`) ? 'Underordnet' : null;
}

const RANK: Readonly<Record<Match, number>> = { Netop: 0, Overordnet: 1, Underordnet: 2 };
const danish = new Intl.Collator('da');

/** The nearest first: the subject itself, then the closest one over it, then its parts in order; then by name. */
const inOrder = (a: Responsible, b: Responsible): number =>
  RANK[a.match] - RANK[b.match] ||
  (a.match === 'Overordnet' ? length(b) - length(a) : danish.compare(number(a), number(b))) ||
  danish.compare(a.enhed.navn ?? '', b.enhed.navn ?? '') ||
  (a.enhed.uuid < b.enhed.uuid ? -1 : a.enhed.uuid > b.enhed.uuid ? 1 : 0) ||
  danish.compare(a.opgave.rolle, b.opgave.rolle);
const number = ({ opgave }: Responsible): string => opgave.kleNummer ?? '';
const length = (each: Responsible): number => number(each).length;

/** The units with a task that is the subject, covers it, or is a part of it. */
export function responsible(
  view: DirectoryView,
  { kle, root, role }: { kle: string; root: string | null; role: string | null },
): Responsible[] {
  const isMatch = ({ kleNummer, rolle }: Task): boolean =>
    matchOf(kleNummer, kle) !== null && (role === null || rolle === role);
  const found = view
    .units(({ tasks }) => tasks.some(isMatch))
    .filter(([uuid]) => root === null || view.chain(uuid).includes(root))
    .flatMap(([uuid, { tasks }]) =>
      tasks.filter(isMatch).map((opgave): Responsible => {
        return { enhed: namedUnit(view, uuid), opgave, match: matchOf(opgave.kleNummer, kle)! };
      }),
    );
  return found.sort(inOrder);
}
