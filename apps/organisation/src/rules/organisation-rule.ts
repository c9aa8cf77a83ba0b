import type { Rule } from '@stoettesystemer/engine';
import type { Law } from './law';
import type { Registered } from './registered';

/** Finds what is registered against some laws. */
export interface Judgement {
  readonly laws: readonly Law[];
  /**
   * Selects the `kode` of the law, the UUID of the object that is against it, and the UUID of another that has to do with
   * it, or null; from what is registered, and from the table `unit` of `Registered`.
   */
  deviations(registered: Registered): string;
}

/**
 * A rule of Organisation. It is judged twice: of a change, over all its time, and of all that is registered, at one
 * moment; the specs hold that both find the same.
 */
export interface OrganisationRule extends Rule, Judgement {}
