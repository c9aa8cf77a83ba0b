import { type CloudEvent, NotPublished, type Publisher } from '@stoettesystemer/feed';
import type { OwnCalls } from './own-calls';

const SECOND = 1000;
const PATH = '/v1/beskeder';
const BATCH = 'application/cloudevents-batch+json; charset=utf-8';
const TAKEN_IN = 202;
const IN_PART = 207;
/** Said of the content: the same would be refused again. Anything else may be different later. */
const OF_THE_CONTENT = new Set([400, 413, 422]);
/** Said of one event, by the agreement; 409: another system of ours has sent it before. */
const RECEIVED = new Set([TAKEN_IN, 409]);

interface Results {
  readonly data: readonly { readonly status: number }[];
}

/** Sends events to Beskedfordeler as any sender does: by HTTP, with a token for the municipality whose they are. */
export class EventSender implements Publisher {
  readonly destination = 'beskedfordeler';

  constructor(private readonly calls: OwnCalls) {}

  async publish(owner: string, events: readonly CloudEvent[], signal: AbortSignal): Promise<number> {
    const { status, text, retryAfter } = await ended(this.send(owner, events), signal);
    if (status === TAKEN_IN) return 0;
    if (status === IN_PART)
      return (JSON.parse(text) as Results).data.filter((each) => !RECEIVED.has(each.status)).length;
    if (events.length === 1 && (OF_THE_CONTENT.has(status) || isOfTheEvent(status, text)))
      return status === 409 ? 0 : 1;
    if (!OF_THE_CONTENT.has(status)) throw new NotPublished(`${status}`, retryAfter);
    // One of them stands in the way of the others: it is found by halves.
    const half = Math.ceil(events.length / 2);
    const first = await this.publish(owner, events.slice(0, half), signal);
    return first + (await this.publish(owner, events.slice(half), signal));
  }

  private async send(owner: string, events: readonly CloudEvent[]) {
    const call = { service: 'beskedfordeler', owner, path: PATH, type: BATCH, body: JSON.stringify(events) };
    const answer = await this.calls.post(call).catch((cause: unknown) => {
      throw new NotPublished(wordOf(cause));
    });
    const text = await answer.text().catch(() => '');
    const seconds = Number(answer.headers.get('retry-after') ?? 0);
    return { status: answer.status, text, retryAfter: (seconds > 0 ? seconds : 0) * SECOND };
  }
}

/** An event that stands alone is refused as a request is; but then it is not the system that has no right at all. */
function isOfTheEvent(status: number, text: string): boolean {
  if (status === 409) return true;
  return status === 403 && /"kode":"(dataafgraensning|ansvarligmyndighed)"/.test(text);
}

/** What there is to say of a failure without anything of what was sent: OAuth's word, or Node's. */
function wordOf(cause: unknown): string {
  const { error, code, name } = (cause ?? {}) as { error?: unknown; code?: unknown; name?: unknown };
  return String(error ?? code ?? name ?? 'fejl');
}

/** An answer that nobody waits for any more is left behind. */
const ended = <T>(answer: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const end = (): void => reject(new NotPublished('afbrudt'));
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
