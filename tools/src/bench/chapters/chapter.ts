import type { Bench } from '../bench';
import type { Figure } from '../figure';

/** A part of the benchmark that can be run by itself (`--only NAME`). */
export interface Chapter {
  readonly name: string;
  /** Takes minutes: part of the long run, and of any other only where it is named. */
  readonly isLong?: true;
  run(bench: Bench): Promise<readonly Figure[]>;
}
