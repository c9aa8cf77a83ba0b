import { type AsOf } from '@stoettesystemer/engine';
import { type Instant, malformed, now } from '@stoettesystemer/object';

/** The parameters of a read that is of one moment on each axis. */
export const MOMENT = ['virkningstid', 'registreringstid'] as const;

export function momentOf({ virkning }: AsOf): Instant {
  if (virkning === 'nu') return now();
  if (virkning !== 'alle' && 'at' in virkning) return virkning.at;
  throw malformed('vaerdi', '?virkningstid', 'Skal være ét tidspunkt.');
}
