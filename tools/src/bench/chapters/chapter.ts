import type { Bench } from '../bench';
import type { Figure } from '../figure';

/** A part of the benchmark that can be run by itself (`--only NAME`). */
export interface Chapter {
  readonly name: string;
  run(bench: Bench): Promise<readonly Figure[]>;
}
