import type { Rule } from '@stoettesystemer/engine';
import type { Law } from './law';
import type { Registered } from './registered';

/**
 * A rule of Organisation. It is judged twice: of a change, over all its time, and of all that is registered, at one
 * moment; the specs hold that both find the same.
 */
export interface OrganisationRule extends Rule {
  readonly laws: readonly Law[];
  /** Selects `kode`, the UUID `id` of the object that deviates, and the UUID `om` of another that has to do with it, or null. */
  deviations(registered: Registered): string;
}
