import type { Change, Rule } from '@stoettesystemer/engine';
import { OrganisationEnhed } from '@stoettesystemer/model';
import { invalid, period as p, type Period } from '@stoettesystemer/object';
import { isEnding, targetOf, Timeline, Turn } from './timeline';
import { holdTree } from './unit-tree';

const FACETS = ['overordnet'] as const;

interface Placing {
  readonly parent: string;
  readonly period: Period;
}

/** Whoever is above a unit is not below it, at any time: a law in both modes, for a tree that has a ring is none. */
export const noRing: Rule = {
  types: [OrganisationEnhed.name],
  facets: FACETS,
  async check(change: Change) {
    // Of a UUID that has just been made nobody knows, so nothing is under it.
    if (isEnding(change) || change.action === 'opret') return;
    const turn = new Turn(change);
    const placings = placingsOf(turn.after).filter(({ period }) =>
      turn.moments().some((moment) => p.contains(period, moment)),
    );
    if (placings.length === 0) return;
    await holdTree(change);
    await refuseRing(change, placings, []);
  },
};

const placingsOf = (timeline: Timeline): Placing[] =>
  timeline.periods('overordnet').flatMap((period) => {
    const [item] = timeline.at(period.from, 'overordnet');
    return item ? [{ parent: targetOf(item), period }] : [];
  });

async function refuseRing(
  change: Change,
  placings: readonly Placing[],
  below: readonly string[],
): Promise<void> {
  for (const { parent, period } of placings) {
    if (parent === change.uuid)
      throw invalid(
        'regel_1_kreds',
        '/relationer/overordnet',
        'Regel 1: En enhed kan ikke ligge under sig selv eller en af sine egne underordnede.',
      );
    const items = below.includes(parent) ? null : await change.look(OrganisationEnhed.name, parent, FACETS);
    if (items === null) continue;
    const above = placingsOf(new Timeline(items)).flatMap((each) => {
      const shared = p.intersection(period, each.period);
      return shared ? [{ parent: each.parent, period: shared }] : [];
    });
    await refuseRing(change, above, [...below, parent]);
  }
}
