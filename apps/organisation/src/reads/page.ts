import type { AsOf, Ask } from '@stoettesystemer/engine';
import { formatInstant, type Instant, now } from '@stoettesystemer/object';
import { integerOf, limits, type Parameters } from '@stoettesystemer/server';
import { knownAt } from '../directory/known-at';
import { momentOf } from './moment';
import { PlaceCursors } from './place-cursor';

/** The parameters of a list that is read in pages. */
export const PAGE = ['limit', 'cursor'] as const;

export interface Page<T> {
  readonly data: readonly T[];
  readonly naeste: string | null;
}

export const limitOf = (parameters: Parameters): number =>
  integerOf(parameters, 'limit', 1, limits.search.most) ?? limits.search.limit;

const exactly = (virkning: Instant, registrering: Instant): AsOf => ({
  virkning: { at: virkning },
  registrering: { at: registrering },
});

/** The moments that the first page was of stay those of all of its pages: `nu` does not move while somebody reads on. */
export class Paging {
  private readonly cursors: PlaceCursors;

  /** @param question what tells this list from any other, beside its moments. */
  constructor(
    secret: Buffer,
    ask: Ask,
    question: unknown,
    private readonly parameters: Parameters,
  ) {
    this.cursors = new PlaceCursors(secret, ask.caller, question);
  }

  /** What each list is of on both axes, and where its page begins. @throws Refusal 400 */
  begin(...asked: readonly AsOf[]): { readonly at: readonly AsOf[]; page<T>(all: readonly T[]): Page<T> } {
    const limit = limitOf(this.parameters);
    const { cursor } = this.parameters;
    const place = cursor === undefined ? null : this.cursors.read(cursor);
    const moments = place?.moments ?? asked.flatMap((at) => [momentOf(at), knownAt(at) ?? now()]);
    const at = place
      ? asked.map((_, n) => exactly(moments[n * 2]!, moments[n * 2 + 1]!))
      : asked.map((each, n): AsOf => ({ ...each, virkning: { at: moments[n * 2]! } }));
    const offset = place?.offset ?? 0;
    return {
      at,
      page: (all) => {
        const next = offset + limit;
        const naeste = all.length > next ? this.cursors.write({ offset: next, moments }) : null;
        return { data: all.slice(offset, next), naeste };
      },
    };
  }
}

/** A bound of a stretch as it is written. */
export const written = (micros: number): string | null =>
  micros === Infinity ? null : formatInstant(BigInt(micros));
