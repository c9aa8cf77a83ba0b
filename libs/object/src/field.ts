/**
 * The words for one member of an attribute group or a relation. `doc` is Danish and is the user manual: it is shown in
 * OpenAPI, in forms and in the model's documentation.
 */
export interface FieldOptions {
  readonly doc: string;
  /** Must be present in every period of the group. */
  readonly required?: boolean;
  /** Can be searched and sorted by. */
  readonly search?: boolean;
  /** Says something about a person: reads are logged (O1), errors never repeat it, and it is searched in a body only. */
  readonly personal?: boolean;
  /** Seen, searched and changed only by callers whose agreement gives this; others are told null. */
  readonly guard?: Guard;
}

/** What an agreement may give beside objects: to see a member that others are not shown. */
export const GUARDS = ['secpr-nummer', 'senavn'] as const;
export type Guard = (typeof GUARDS)[number];

export interface TextOptions extends FieldOptions {
  readonly min?: number;
  readonly max: number;
  /** Anchored by the language: the whole text must match. */
  readonly pattern?: string;
  /** Line breaks are allowed. */
  readonly multiline?: boolean;
  /** Found by the words in it, however inflected or misspelt; A weighs most. */
  readonly prose?: 'A' | 'B' | 'C';
  /** Holds simple HTML; the server cleans it. */
  readonly html?: boolean;
}

export type FieldKind =
  | 'text'
  | 'integer'
  | 'number'
  | 'decimal'
  | 'date'
  | 'instant'
  | 'boolean'
  | 'choice'
  | 'urn'
  | 'uuid'
  | 'reference'
  | 'texts'
  | 'json';

/** `Value` is only for the compiler: what a member holds in JSON. */
export interface Field<Value = unknown, Required extends boolean = boolean> extends FieldOptions {
  readonly kind: FieldKind;
  readonly required?: Required;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly multiline?: boolean;
  readonly prose?: 'A' | 'B' | 'C';
  readonly html?: boolean;
  readonly values?: readonly string[];
  readonly target?: string;
  readonly schema?: object;
  readonly examples?: readonly unknown[];
  readonly value?: Value;
}

type Made<Value, Options extends FieldOptions> = Field<
  Value,
  Options extends { required: true } ? true : false
>;
const make = <Value, Options extends FieldOptions>(kind: FieldKind, options: Options): Made<Value, Options> =>
  ({ ...options, kind }) as unknown as Made<Value, Options>;

/** Unicode text, stored in NFC; one line unless `multiline`. */
export const text = <const O extends TextOptions>(options: O) => make<string, O>('text', options);
/** Several one-line texts, without order or repetition. */
export const texts = <const O extends TextOptions>(options: O) => make<string[], O>('texts', options);
export const integer = <const O extends FieldOptions & { min?: number; max?: number }>(options: O) =>
  make<number, O>('integer', options);
export const number = <const O extends FieldOptions & { min?: number; max?: number }>(options: O) =>
  make<number, O>('number', options);
/** An amount or other exact decimal, as text: `-?\d+(\.\d+)?`. */
export const decimal = <const O extends FieldOptions>(options: O) => make<string, O>('decimal', options);
/** `YYYY-MM-DD`. */
export const date = <const O extends FieldOptions>(options: O) => make<string, O>('date', options);
/** RFC 3339 with a zone; answered in UTC. */
export const instant = <const O extends FieldOptions>(options: O) => make<string, O>('instant', options);
export const boolean = <const O extends FieldOptions>(options: O) => make<boolean, O>('boolean', options);
/** One of the values. */
export const choice = <const V extends readonly string[], const O extends FieldOptions>(
  values: V,
  options: O,
) => make<V[number], O & { values: V }>('choice', { ...options, values });
export const urn = <const O extends FieldOptions>(options: O) => make<string, O>('urn', options);
export const uuid = <const O extends FieldOptions>(options: O) => make<string, O>('uuid', options);
/** Points at an object of another type from inside a group. */
export const reference = <const O extends FieldOptions>(target: string, options: O) =>
  make<{ uuid: string } | { urn: string }, O & { target: string }>('reference', { ...options, target });

export interface JsonOptions extends FieldOptions {
  /** JSON Schema of the list: what is written in OpenAPI. Whether it makes sense is for a rule of the app. */
  readonly schema: object;
  /** Some that make sense, for the documentation and for the tests. */
  readonly examples: readonly (readonly object[])[];
  /** Characters of its JSON. */
  readonly max: number;
}
/** A list of JSON objects with a grammar of its own, such as an expression. It is never searched. */
export const json = <V extends object, const O extends JsonOptions = JsonOptions>(options: O) =>
  make<V[], O>('json', options);
