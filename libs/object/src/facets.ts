import type { Declaration, Group, Relation, State } from './declaration';
import type { Field } from './field';
import type { Reference } from './reference';

/** When an item holds, as it stands on the wire. `fra` is required in a request. */
export interface Virkning {
  readonly fra: string;
  readonly til?: string | null;
  readonly aktoerRef?: Reference;
  readonly aktoerType?: string;
  readonly note?: string;
}

type ValueOf<F> = F extends Field<infer V> ? V : never;
type RequiredKeys<F> = { [K in keyof F]: F[K] extends Field<unknown, true> ? K : never }[keyof F];
type Members<F> = { [K in RequiredKeys<F>]: ValueOf<F[K]> } & {
  [K in Exclude<keyof F, RequiredKeys<F>>]?: ValueOf<F[K]> | null;
};
type GroupItem<G> = G extends Group<infer F> ? { virkning: Virkning } & Members<F> : never;
type StateItem<S> = S extends State<infer V> ? { virkning: Virkning; vaerdi: V[number] } : never;
type RelationItem<R> =
  R extends Relation<infer F>
    ? { virkning: Virkning; reference: Reference; rolle?: string; type?: string; indeks?: string } & Partial<
        Members<F>
      >
    : never;

/** The three sections of an object of a declared type, as they stand on the wire. */
export interface Facets<D extends Declaration> {
  readonly attributter?: { readonly [K in keyof D['attributes']]?: readonly GroupItem<D['attributes'][K]>[] };
  readonly tilstande?: { readonly [K in keyof D['states']]?: readonly StateItem<D['states'][K]>[] };
  readonly relationer?: { readonly [K in keyof D['relations']]?: readonly RelationItem<D['relations'][K]>[] };
}
