import type { Check } from './text-check';

export interface Item {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** A class cannot exist without it, so not even a lenient reading does without. */
  readonly essential?: boolean;
}

/** What an element may hold. `markup` is text mixed with the items; `open` is xs:anyType. */
export type Content =
  | { readonly kind: 'text'; readonly check: Check }
  | { readonly kind: 'sequence'; readonly items: readonly Item[]; readonly repeats?: boolean }
  | { readonly kind: 'choice'; readonly items: readonly Item[] }
  | { readonly kind: 'markup'; readonly items: readonly Item[] }
  | { readonly kind: 'open' };

/** The content of each element by its name, which KLE never uses for two things. */
export type Grammar = ReadonlyMap<string, Content>;
