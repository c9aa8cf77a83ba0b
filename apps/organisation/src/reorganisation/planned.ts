import { createHash } from 'node:crypto';
import { OrganisationFunktion } from '@stoettesystemer/model';
import { type Fault, formatInstant, type Instant, parseInstant } from '@stoettesystemer/object';
import { momentsOf, type Plan, unitsIn } from './plan';
import { Planner } from './planner';
import type { Registry } from './registry';
import { World } from './world';

/** What a plan comes to on the organisation as it is registered now. */
export interface Planned {
  readonly plan: Plan;
  readonly world: World;
  readonly faults: readonly Fault[];
}

/** @param reached is told of each moment of the plan, when its steps have been taken. */
export async function planned(
  registry: Registry,
  plan: Plan,
  reached: (at: Instant, world: World) => Promise<void> = async () => undefined,
): Promise<Planned> {
  const functions = plan.steps.flatMap(({ funktion }) => funktion ?? []);
  const closing = plan.steps.flatMap(({ handling, enhed }) => (handling === 'Luk' ? [enhed] : []));
  const world = new World([
    ...(await registry.units(unitsIn(plan))),
    ...(await registry.objects(OrganisationFunktion, functions)),
    ...(await registry.pointing(closing, plan.at)),
  ]);
  const planner = new Planner(plan, world);
  planner.faults.push(...wrongIn(plan));
  for (const at of momentsOf(plan)) {
    planner.take(at);
    await reached(at, world);
  }
  return { plan, world, faults: planner.faults };
}

function wrongIn({ at, steps }: Plan): Fault[] {
  const sti = '/attributter/trin';
  if (steps.length === 0) return [{ sti, kode: 'paakraevet', besked: 'Planen har ingen trin.' }];
  return steps
    .filter((step) => step.at < at)
    .map((step) => ({
      sti: `${step.sti}/fra`,
      kode: 'periode',
      besked: 'Et trin træder ikke i kraft før planen.',
    }));
}

const sumOf = ({ objects }: World): string =>
  createHash('sha256')
    .update(
      objects
        .flatMap(({ uuid, number, isFresh }) => (isFresh ? [] : [`${uuid} ${number}`]))
        .sort()
        .join('\n'),
    )
    .digest('base64url');

/** What a plan was looked at against: every object that it has to do with, and when. */
export const basisOf = (world: World, at: Instant): string => `${formatInstant(at)}.${sumOf(world)}`;

/** Null where the world is as it was; else the objects that are known to have been registered since. */
export function changedSince(basis: string, world: World): readonly string[] | null {
  const dot = basis.lastIndexOf('.');
  if (basis.slice(dot + 1) === sumOf(world)) return null;
  const at = parseInstant(basis.slice(0, dot));
  if (at === null) return [];
  return world.objects
    .filter(({ recordedAt }) => recordedAt !== null && recordedAt >= at)
    .map(({ type, uuid }) => `${type.path}/${uuid}`);
}
