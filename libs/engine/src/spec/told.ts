import { parseInstant } from '@stoettesystemer/object';
import { answerOf, answerText, type Registration } from './model';
import { DAYS, noon } from './model-items';

interface ToldItem extends Record<string, unknown> {
  readonly virkning: { readonly fra: string; readonly til: string | null; readonly note?: string };
}
interface Told {
  readonly uuid: string;
  readonly tidspunkt?: string;
  readonly registrering: {
    readonly nummer: number;
    readonly fra: string;
    readonly til: string | null;
    readonly livscyklus: string;
    readonly note?: string;
  };
  readonly items: readonly (readonly [facet: string, item: ToldItem])[];
}

export function toldBy(body: string): Told {
  const { attributter, tilstande, relationer, ...rest } = JSON.parse(body) as Record<
    'attributter' | 'tilstande' | 'relationer',
    Record<string, ToldItem[]>
  > &
    Told;
  const facets = Object.entries({ ...attributter, ...tilstande, ...relationer });
  return { ...rest, items: facets.flatMap(([facet, list]) => list.map((item) => [facet, item] as const)) };
}

const holdsAt = ({ virkning: { fra, til } }: ToldItem, at: bigint): boolean =>
  parseInstant(fra)! <= at && (til === null || parseInstant(til)! > at);

const textsOf = (items: Told['items']): string[] =>
  items
    .map(([facet, { virkning, rolleRef: _rolleRef, ...members }]) =>
      answerText(facet, members, virkning.note),
    )
    .sort();

/** Everything that an answer says, at one day of it or at all that it may hold. */
export const saysAt = ({ items }: Told, day: number): string[] =>
  textsOf(items.filter(([, item]) => holdsAt(item, noon(day))));
export const says = ({ items }: Told): string[] => textsOf(items);

/** An object with its whole virkning history is as the model has it, on each day. */
export function expectWhole(body: string, registration: Registration): void {
  const told = toldBy(body);
  const { number, lifecycle, note, tidspunkt } = registration;
  expect({
    number: told.registrering.nummer,
    lifecycle: told.registrering.livscyklus,
    note: told.registrering.note,
    tidspunkt: told.tidspunkt,
  }).toEqual({ number, lifecycle, note, tidspunkt });
  for (let day = 0; day < DAYS; day++) expect(saysAt(told, day)).toEqual(answerOf(registration, day));
}
