/** Operands: text, number, boolean, a reference (`{uuid}` or `{urn}`), or in `mellem` null for an open end. */
export type Operand = string | number | boolean | { readonly uuid: string } | { readonly urn: string };

/**
 * One comparison. `felt` is a declared search field: a facet (state, relation), a member of a group where its name is
 * unique in the type, or `facet.member`; or one of the system's: `uuid`, `livscyklus`, `oprettet`, `registreringFra`;
 * or `tekst`, which searches the words of the type's prose.
 */
export interface Comparison {
  readonly felt: string;
  readonly rolle?: string;
  readonly lig?: Operand;
  readonly iblandt?: readonly Operand[];
  readonly begynderMed?: string;
  /** From and including, to and excluding. */
  readonly mellem?: readonly [Operand | null, Operand | null];
  /** Whether the field has any value. */
  readonly findes?: boolean;
}

export type Expression =
  | { readonly og: readonly Expression[] }
  | { readonly eller: readonly Expression[] }
  | { readonly ikke: Expression }
  | Comparison;

export interface Query {
  readonly udtryk: Expression | null;
  /** Field names, `-` in front for falling order. The UUID always breaks a tie. */
  readonly sorter: readonly string[];
  /** UUIDs only, some facets, or (null) everything. */
  readonly vis: 'uuid' | readonly string[] | null;
  readonly limit: number;
  readonly cursor: string | null;
  readonly antal: boolean;
}

export interface Page {
  /** Each object as JSON text; with `vis: 'uuid'` a quoted UUID. */
  readonly data: readonly string[];
  readonly naeste: string | null;
  /** Exact up to 10,000, an estimate above. */
  readonly antal?: number;
}
