import type { Caller } from '@stoettesystemer/access';
import type { Instant, Period, Reference } from '@stoettesystemer/object';

/** What a replayed request gets back, to the letter. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Everything about a request that is not its content. */
export interface Ask {
  readonly caller: Caller;
  /** x-TransaktionsId. */
  readonly transaction: string;
  readonly traceparent?: string;
  /** Why a person is looked up (O2). */
  readonly purpose?: string;
  /** Write no event that can be read (`udenNotifikation`). */
  readonly quiet?: boolean;
  /** Return the object as it stands after a change. */
  readonly represent?: boolean;
  /** Idempotency-Key, with SHA-256 of method, path and body. `answer` makes what is stored, in the same transaction. */
  readonly idempotency?: { readonly key: string; readonly hash: Buffer };
  readonly answer?: (written: Written) => StoredAnswer;
}

/** When, on both axes. */
export interface AsOf {
  /** `nu` is the moment of the first page, all through a result that is read in pages. */
  readonly virkning: 'nu' | { readonly at: Instant } | Period | 'alle';
  /** A period means: as it was known just before the period ended. */
  readonly registrering: 'nu' | { readonly at: Instant } | Period;
}

/** An object as JSON text, ready to send, and the number of its registration. */
export interface Snapshot {
  readonly uuid: string;
  readonly number: number;
  readonly body: string;
}

export interface Written {
  readonly outcome: 'oprettet' | 'importeret' | 'rettet' | 'uaendret' | 'passiveret' | 'slettet';
  readonly uuid: string;
  readonly number: number;
  /** The object after the change, when asked for with `represent`. */
  readonly body: string | null;
  /** Another request with the same Idempotency-Key was first: send this, and nothing was written now. */
  readonly replayed?: StoredAnswer;
}

type Item = Readonly<Record<string, unknown>>;
type Items = Readonly<Record<string, readonly Item[]>>;

/** A request body that has passed the checks of its type's input class: the wire's shape, nothing unknown in it. */
export interface ObjectInput {
  readonly note?: string;
  /** Time of the change in the source system. */
  readonly tidspunkt?: string;
  readonly brugerRef?: Reference;
  /** Ret only: every relation type named is replaced as a whole. */
  readonly erstat?: boolean;
  readonly attributter?: Items;
  readonly tilstande?: Items;
  readonly relationer?: Items;
}

/** One registration of a full history: an object as it stood from `fra` until the next. */
export interface FormerRegistration extends ObjectInput {
  readonly fra: string;
  readonly livscyklus?: string;
}

export interface BulkItem {
  readonly line: number;
  readonly type: string;
  /** Absent: the server makes one. */
  readonly uuid?: string;
  /**
   * ret: lays what it says over what is there (contract §4). slet: the object is deleted, logically. Left out, the object
   * is to be exactly what the line says.
   */
  readonly how?: 'ret' | 'slet';
  /**
   * The number of the registration that the change was made from, 0 where nothing lived; not demanded. Of a line without
   * a history.
   */
  readonly ifMatch?: number;
  readonly input: ObjectInput;
  readonly history?: readonly FormerRegistration[];
}

export interface BulkResult {
  readonly line: number;
  readonly uuid: string;
  readonly status: number;
  readonly outcome: Written['outcome'] | 'afvist';
  readonly fejl?: readonly { readonly sti: string; readonly kode: string; readonly besked: string }[];
}

export interface RegistrationSummary {
  readonly number: number;
  readonly from: string;
  readonly to: string | null;
  readonly lifecycle: string;
  readonly user: unknown;
  readonly note: string | null;
}
