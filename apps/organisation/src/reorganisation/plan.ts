import { type Omorganisering, type REORGANISATION_STATES, OrganisationEnhed } from '@stoettesystemer/model';
import { type Declaration, type Facets, type Instant, parseInstant, Refusal } from '@stoettesystemer/object';

export type PlanState = (typeof REORGANISATION_STATES)[number];

type PlanFacets = Facets<typeof Omorganisering>;
type StepItem = NonNullable<NonNullable<PlanFacets['attributter']>['trin']>[number];

/** One step, and when it comes into force. */
export interface Step extends Omit<StepItem, 'virkning' | 'fra'> {
  readonly at: Instant;
  /** Where it stands in the plan. */
  readonly sti: string;
}

/** A registration that a plan made. */
export interface Made {
  readonly path: string;
  readonly uuid: string;
  /** 0 where the plan made the object. */
  readonly number: number;
}

/** A plan as it stands. */
export interface Plan {
  readonly uuid: string;
  readonly number: number;
  readonly recordedAt: Instant;
  readonly state: PlanState;
  readonly navn: string;
  readonly at: Instant;
  /** In the order in which they are taken. */
  readonly steps: readonly Step[];
  readonly made: readonly Made[];
}

const ORDER: readonly Step['handling'][] = ['Opret', 'Flyt', 'Overfoer', 'Omdoeb', 'Luk'];

const endOf = ({ virkning: { til } }: { virkning: { til?: string | null } }): Instant | null =>
  til === undefined || til === null ? null : parseInstant(til);

/** What holds last; a plan is one thing, not one thing after another. */
const last = <T extends { virkning: { fra: string } }>(items: readonly T[] = []): T | undefined =>
  items.toSorted((a, b) => (parseInstant(a.virkning.fra)! < parseInstant(b.virkning.fra)! ? -1 : 1)).at(-1);

interface Body extends PlanFacets {
  readonly uuid: string;
  readonly registrering: { readonly nummer: number; readonly fra: string };
}

/** @param body with its whole virkning. */
export function planOf(body: string): Plan {
  const { uuid, registrering, attributter, tilstande } = JSON.parse(body) as Body;
  const { navn = '', ikrafttraeden } = last(attributter?.egenskaber) ?? {};
  const at = parseInstant(ikrafttraeden ?? '') ?? 0n;
  const steps = (attributter?.trin ?? []).flatMap((item, place): Step[] => {
    const end = endOf(item);
    // A step that was taken out of the plan ended then; one that is meant to hold from the day itself holds then too.
    if (end !== null && end <= at) return [];
    const { virkning: _, fra, ...rest } = item;
    return [{ ...rest, at: parseInstant(fra ?? '') ?? at, sti: `/attributter/trin/${place}` }];
  });
  return {
    uuid,
    number: registrering.nummer,
    recordedAt: parseInstant(registrering.fra)!,
    state: last(tilstande?.status)?.vaerdi ?? 'Kladde',
    navn,
    at,
    steps: steps.sort((a, b) => Number(a.at - b.at) || ORDER.indexOf(a.handling) - ORDER.indexOf(b.handling)),
    made: (attributter?.registreret ?? [])
      .flatMap(({ objekter }) => objekter ?? [])
      .map((address) => {
        const [path = '', uuid = '', , number = '0'] = address.split('/');
        return { path, uuid, number: Number(number) };
      }),
  };
}

/** Where a registration is read; of an object that the plan made, the object. */
export const addressOf = (type: Declaration, uuid: string, number: number): string =>
  number === 0 ? `${type.path}/${uuid}` : `${type.path}/${uuid}/registreringer/${number}`;

/** What a plan writes is marked with it, where it holds: whoever looks sees why, and whoever undoes it finds it. */
const MARK = 'Omorganisering ';
export const markOf = (uuid: string) => ({ note: `${MARK}${uuid}` });
export const isMarked = (about: Readonly<Record<string, unknown>> | null): boolean =>
  typeof about?.['note'] === 'string' && about['note'].startsWith(MARK);

/** Moments at which something of the plan comes into force, in order. */
export const momentsOf = ({ steps }: Plan): Instant[] => [...new Set(steps.map(({ at }) => at))];

/** The units that the plan names, opened ones too. */
export const unitsIn = ({ steps }: Plan): string[] => [
  ...new Set(
    steps
      .flatMap(({ enhed, overordnet, modtager, opgavemodtager }) => [
        enhed,
        overordnet,
        modtager,
        opgavemodtager,
      ])
      .filter((uuid) => typeof uuid === 'string'),
  ),
];

export const UNIT = OrganisationEnhed.name;

/** The plan is not where the step begins. */
export const wrongStep = (besked: string): Refusal =>
  new Refusal(409, 'trin', besked, { fejl: [{ sti: '/tilstande/status', kode: 'trin', besked }] });
