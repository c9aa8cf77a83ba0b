import type { Client } from './client';
import type { Event } from './event';
import { Problem } from './problem';

const SECONDS = 25;
const MOST = 500;

/** Where a reader has come to; to be kept, with what it has made of the events, in one transaction. */
export interface FeedPlace {
  readonly position: number;
  readonly epoch: string;
}

export interface FeedPage extends FeedPlace {
  readonly events: readonly Event[];
}

export interface FeedState {
  readonly epoke: string;
  readonly foerste: number;
  readonly sidste: number;
}

/**
 * The place is no more: the database was restored (409), or what followed it is not kept any longer (410). Read the
 * objects again, and then on from what `state` says before that.
 */
export class PlaceLost extends Error {
  constructor(override readonly cause: Problem) {
    super(cause.message);
    this.name = 'PlaceLost';
  }
}

/** What happens in one service, in its order, as the client may see it. */
export class Feed {
  constructor(
    private readonly client: Client,
    private readonly service: string,
  ) {}

  async state(): Promise<FeedState> {
    const path = '/v1/haendelser/tilstand';
    return (await this.client.send<FeedState>({ service: this.service, method: 'GET', path })).body;
  }

  /** What comes after a place, and the place after that; waits for it, at most 25 s. @throws PlaceLost */
  async next(
    { position, epoch }: { position: number; epoch?: string },
    {
      types,
      wait = SECONDS,
      signal,
    }: { types?: readonly string[]; wait?: number; signal?: AbortSignal } = {},
  ): Promise<FeedPage> {
    const query = new URLSearchParams({
      efter: `${position}`,
      limit: `${MOST}`,
      vent: `${wait}`,
      ...(epoch === undefined ? {} : { epoke: epoch }),
      ...(types === undefined ? {} : { type: types.join(',') }),
    });
    try {
      const { body, headers } = await this.client.send<Event[]>({
        service: this.service,
        method: 'GET',
        path: `/v1/haendelser?${query.toString()}`,
        poll: wait * 1000,
        ...(signal ? { signal } : {}),
      });
      // Beyond the last event, past those that are for others.
      const next = new URLSearchParams(/\?([^>]*)>/.exec(headers.get('link') ?? '')?.[1] ?? '');
      return { events: body, position: Number(next.get('efter')), epoch: next.get('epoke')! };
    } catch (cause) {
      if (cause instanceof Problem && (cause.status === 410 || cause.kode === 'epoke'))
        throw new PlaceLost(cause);
      throw cause;
    }
  }

  /** Page after page, for as long as nobody stops it. */
  async *pages(
    from: { position: number; epoch?: string },
    options: { types?: readonly string[]; signal?: AbortSignal } = {},
  ): AsyncGenerator<FeedPage> {
    for (let place = from; !options.signal?.aborted;) {
      const page = await this.next(place, options);
      if (page.position > place.position) yield page;
      place = page;
    }
  }
}
