import type { Change } from '@stoettesystemer/engine';

/**
 * Held by whoever writes where a unit stands: together with others for a new one, which nobody can be under yet, and
 * alone for all else, so that two moves at once do not make a ring.
 */
export const holdTree = ({ action, hold }: Change): Promise<void> =>
  hold('enhedstræ', action === 'opret' ? 'shared' : 'alone');
