import type { Change, Rule } from '@stoettesystemer/engine';
import { Regeltilstand } from '@stoettesystemer/model';
import { now } from '@stoettesystemer/object';
import { Timeline } from './timeline';

/** Whether the it-system writes tolerantly for the municipality. */
async function isTolerant({ caller, look }: Change): Promise<boolean> {
  const mode = await look(Regeltilstand.name, caller.system, ['egenskaber']);
  return (
    mode !== null &&
    new Timeline(mode).at(now(), 'egenskaber').some(({ tilstand }) => tilstand === 'tolerant')
  );
}

/** The rule, for those that write strictly. */
export const ofStrict = (rule: Rule): Rule => ({
  types: rule.types,
  facets: rule.facets,
  async check(change) {
    if (!(await isTolerant(change))) await rule.check(change);
  },
});
