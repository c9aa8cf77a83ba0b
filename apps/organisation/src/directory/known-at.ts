import type { AsOf } from '@stoettesystemer/engine';
import type { Instant } from '@stoettesystemer/object';

/** A period of registration time means: as it was known just before the period ended. Null: as it is known now. */
export function knownAt({ registrering }: Pick<AsOf, 'registrering'>): Instant | null {
  if (registrering === 'nu') return null;
  if ('at' in registrering) return registrering.at;
  return registrering.to === null ? null : registrering.to - 1n;
}
