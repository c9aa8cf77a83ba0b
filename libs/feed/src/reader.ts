import { type Caller, COMMON_OWNER, holds } from '@stoettesystemer/access';
import { type Declaration, isUuid, malformed, Refusal } from '@stoettesystemer/object';
import type { Database, Result } from '@stoettesystemer/postgres';
import { byIndex } from './by-index';
import { type CloudEvent, type FeedRow, toCloudEvent } from './cloud-event';
import { pause } from './direct-connection';
import type { Listener } from './listener';
import { otherEpoch, tooOld } from './lost-place';
import { pace } from './pace';
import { scanStatement } from './scan';

export interface FeedReaderOptions {
  /** Prefix of the service: `klassifikation`. */
  readonly service: string;
  readonly types: readonly Declaration[];
  readonly listener: Listener;
  /** Asked again while a long poll waits: whether the caller's token still counts (A11). Default: until it expires. */
  readonly stillValid?: (caller: Caller) => boolean | Promise<boolean>;
  /** The caller with what is known of its restrictions now; asked again while a long poll waits. */
  readonly asOfNow?: (caller: Caller) => Promise<Caller>;
}

export interface FeedQuery {
  /** Position of the last event read; 0 for the beginning. */
  readonly after: number | bigint;
  /** Events at most, 1 to 500; default 100. */
  readonly limit?: number;
  /** Seconds to wait for an event when there is none, 0 to 25; default 0. */
  readonly wait?: number;
  /** Names of declared types; default all that the caller may read. */
  readonly types?: readonly string[];
  /** The epoch in which `after` was read, where the reader keeps it. */
  readonly epoch?: string;
  /** The client is gone: ends a wait, or a long way past others' events, with the empty answer. */
  readonly signal?: AbortSignal;
}

export interface FeedPage {
  /** Empty only when there is nothing more for the caller now. */
  readonly events: readonly CloudEvent[];
  /** To go on from: the last event's position, or beyond it past events that are not for the caller. */
  readonly position: number;
  readonly epoch: string;
}

/** On the wire as it is (contract §7). An empty feed has `sidste` one below `foerste`. */
export interface FeedState {
  readonly epoke: string;
  readonly foerste: number;
  readonly sidste: number;
}

interface Place {
  readonly after: number;
  readonly epoch: string | undefined;
}

/** The feed as one caller may see it: own and common events, of objects and types the caller may read now (C18). */
export class FeedReader {
  private readonly types: ReadonlyMap<string, Declaration>;

  constructor(
    private readonly database: Database,
    private readonly options: FeedReaderOptions,
  ) {
    this.types = new Map(options.types.map((type) => [type.name, type]));
  }

  /**
   * The next events after a position.
   * @throws Refusal 400 malformed; 401 the token ended while waiting; 403 nothing of this is the caller's to read;
   * 409 the database was restored (`otherEpoch`); 410 the position is older than what is kept (`tooOld`).
   */
  async read(caller: Caller, query: FeedQuery): Promise<FeedPage> {
    const { limit, wait, after } = checked(query);
    const types = this.readable(caller, query.types);
    const deadline = performance.now() + wait * 1000;
    for (let place: Place = { after, epoch: query.epoch }; ;) {
      const looked = performance.now();
      const asker = (await this.options.asOfNow?.(caller)) ?? caller;
      const page = await this.next(asker, types, place, limit, query.signal);
      if (page.events.length > 0) return page;
      if (!(await this.hasNews(caller, page.position, deadline, query.signal))) return page;
      await pause(Math.max(0, looked + pace.reader.rest - performance.now()), query.signal);
      place = { after: page.position, epoch: page.epoch };
    }
  }

  async state(): Promise<FeedState> {
    const { rows } = await this.database.run(
      { owner: null },
      { name: 'feed-state', text: 'select epoch, first_pos, last_pos from feed_state' },
    );
    const { epoch, first_pos: first, last_pos: last } = rows[0]!;
    return { epoke: epoch as string, foerste: first as number, sidste: last as number };
  }

  private readable(caller: Caller, names: readonly string[] | undefined): Declaration[] {
    const asked = names?.map((name) => this.types.get(name) ?? unknownType(name)) ?? [...this.types.values()];
    const readable = asked.filter((type) => holds(caller, type, 'laes'));
    if (readable.length === 0)
      throw new Refusal(
        403,
        'ingen_rettighed',
        'Aftalen giver ikke ret til at læse nogen af hændelsernes objekttyper.',
      );
    return readable;
  }

  /** Goes on past what is not for the caller until something is, or the end. */
  private async next(
    caller: Caller,
    types: readonly Declaration[],
    { after, epoch }: Place,
    limit: number,
    signal: AbortSignal | undefined,
  ): Promise<FeedPage> {
    const { service } = this.options;
    const windows = pace.reader.windows.filter((size) => size >= 2 * limit);
    for (let position = after, turn = 0; ; turn++) {
      const window = windows[Math.min(turn, windows.length - 1)]!;
      const statement = scanStatement({ caller, types, after: position, limit, window });
      const [, { rows }] = (await this.database.batch({ owner: caller.owner }, [byIndex, statement])) as [
        Result,
        Result,
      ];
      const state = rows[0] as unknown as Scanned;
      if (epoch !== undefined && epoch !== state.epoch) throw otherEpoch(state.epoch, 'epoke');
      if (position > state.last_pos) throw otherEpoch(state.epoch, 'efter');
      if (position < state.first_pos - 1) throw tooOld(state.first_pos);
      const found = (rows as unknown as FeedRow[]).filter(({ pos }) => pos !== null);
      const events = found.map((row) => toCloudEvent(service, this.types.get(row.type)!, row));
      const isEnd = state.looked < window;
      if (events.length === limit) return { events, position: found.at(-1)!.pos, epoch: state.epoch };
      position = isEnd ? state.last_pos : state.reached;
      if (events.length > 0 || isEnd || signal?.aborted) return { events, position, epoch: state.epoch };
    }
  }

  /** Waits for a notice; false when the time is up and the empty answer is due. */
  private async hasNews(
    caller: Caller,
    position: number,
    deadline: number,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const { listener, stillValid = hasNotExpired } = this.options;
    for (;;) {
      const left = deadline - performance.now();
      if (left <= 0 || signal?.aborted || listener.stopped) return false;
      const owners = [caller.owner, COMMON_OWNER];
      const news = await listener.wait(owners, position, Math.min(left, pace.reader.recheck), signal);
      if (!(await stillValid(caller))) throw new Refusal(401, 'token', 'Adgangstokenet gælder ikke længere.');
      if (news) return true;
    }
  }
}

/** Columns that every row of a scan repeats. */
interface Scanned {
  readonly epoch: string;
  readonly first_pos: number;
  readonly last_pos: number;
  readonly looked: number;
  readonly reached: number;
}

const hasNotExpired = ({ expires }: Caller): boolean => Date.now() < expires * 1000;

const unknownType = (name: string): never => {
  throw malformed(
    'type',
    '?type',
    `Tjenesten har ingen objekttype ved navn ${JSON.stringify(name.slice(0, 100))}.`,
  );
};

function checked({ after, limit = pace.reader.limit, wait = 0, epoch }: FeedQuery) {
  const { mostEvents, longestWait } = pace.reader;
  const within = (value: number, least: number, most: number): boolean =>
    Number.isInteger(value) && value >= least && value <= most;
  if (!within(Number(after), 0, Number.MAX_SAFE_INTEGER))
    throw malformed('efter', '?efter', 'efter skal være en position: et helt tal fra 0 og op.');
  if (!within(limit, 1, mostEvents))
    throw malformed('limit', '?limit', `limit skal være et helt tal fra 1 til ${mostEvents}.`);
  if (!within(wait, 0, longestWait))
    throw malformed('vent', '?vent', `vent skal være et helt antal sekunder fra 0 til ${longestWait}.`);
  if (epoch !== undefined && !isUuid(epoch)) throw malformed('epoke', '?epoke', 'epoke skal være en UUID.');
  return { limit, wait, after: Number(after) };
}
