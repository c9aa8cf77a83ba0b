import { authority } from './authority';
import type { Seeded } from './body';
import { MUNICIPALITIES } from './municipalities';

/** Midnight in Denmark, as the counties went. */
const REFORM = { fra: '2006-12-31T23:00:00Z' };

/** What is common to all: every municipality, for every municipality to point at. */
export const sharedLayer = (): Seeded[] => MUNICIPALITIES.flatMap((each) => authority(each, REFORM));
