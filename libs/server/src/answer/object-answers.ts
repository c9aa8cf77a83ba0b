import type {
  Ask,
  Page,
  RegistrationSummary,
  Snapshot,
  StoredAnswer,
  Written,
} from '@stoettesystemer/engine';
import { type Declaration, isPersonal } from '@stoettesystemer/object';
import type { FastifyRequest } from 'fastify';
import { etagOf, idempotencyOf, isKnown, type Preferences, preferencesOf } from '../request/preconditions';
import { type Answer, pageText } from './answer';

/** The answers of the operations on one type's objects: status, headers, and JSON text as the engine wrote it. */
export class ObjectAnswers {
  private readonly common: Readonly<Record<string, string>>;
  private readonly path: string;

  constructor(service: string, type: Declaration) {
    this.path = `/${service}/v1/${type.path}`;
    // What is told of persons is kept by nobody on the way (C9); the rest is for the one who may see it.
    this.common = { 'cache-control': isPersonal(type) ? 'no-store' : 'private, no-cache' };
  }

  /** `steady`: the answer changes only with a registration, so the tag of one says that nothing has. */
  snapshot(request: FastifyRequest, { number, body }: Snapshot, steady: boolean): Answer {
    const etag = etagOf(number);
    const headers = { ...this.common, ETag: etag };
    return steady && isKnown(request, etag)
      ? { status: 304, headers, body: null }
      : { status: 200, headers, body };
  }

  many(snapshots: readonly Snapshot[]): Answer {
    return { status: 200, headers: this.common, body: pageText(snapshots.map(({ body }) => body)) };
  }

  page({ data, naeste, antal }: Page, next: (cursor: string) => string | null = () => null): Answer {
    const link = naeste === null ? null : next(naeste);
    const headers = { ...this.common, ...(link === null ? {} : { Link: `<${link}>; rel="next"` }) };
    return {
      status: 200,
      headers,
      body: pageText(data, { naeste, ...(antal === undefined ? {} : { antal }) }),
    };
  }

  history(registrations: readonly RegistrationSummary[], naeste: string | null): Answer {
    const data = registrations.map(({ number, from, to, lifecycle, user, note }) =>
      JSON.stringify({
        nummer: number,
        fra: from,
        til: to,
        livscyklus: lifecycle,
        ...(user === null ? {} : { brugerRef: user }),
        ...(note === null ? {} : { note }),
      }),
    );
    return { status: 200, headers: this.common, body: pageText(data, { naeste }) };
  }

  /** Adds to an Ask what a change needs to know, and what its answer will be. */
  changing(
    request: FastifyRequest,
    ask: Ask,
    body: string,
  ): Ask & { answer: (written: Written) => StoredAnswer } {
    const preferences = preferencesOf(request);
    const idempotency = request.method === 'POST' ? idempotencyOf(request, body) : undefined;
    return {
      ...ask,
      represent: preferences.return !== 'minimal' && request.method !== 'DELETE',
      ...(idempotency ? { idempotency } : {}),
      answer: (written) => this.written(written, preferences),
    };
  }

  private written({ outcome, uuid, number, body }: Written, preferences: Preferences): Answer {
    if (outcome === 'slettet') return { status: 204, headers: this.common, body: null };
    const applied = [
      ...(outcome === 'uaendret' ? ['uaendret'] : []),
      ...(preferences.return === null ? [] : [`return=${preferences.return}`]),
    ];
    const headers = {
      ...this.common,
      ETag: etagOf(number),
      ...(outcome === 'oprettet' ? { Location: `${this.path}/${uuid}` } : {}),
      ...(applied.length > 0 ? { 'Preference-Applied': applied.join(', ') } : {}),
    };
    return { status: outcome === 'oprettet' ? 201 : 200, headers, body };
  }
}

/** The answer of a change: what was stored for the same Idempotency-Key, or what the change made. */
export async function answerOnce(
  store: { replay(ask: Ask): Promise<StoredAnswer | null> },
  ask: Ask & { answer: (written: Written) => StoredAnswer },
  change: (ask: Ask) => Promise<Written>,
): Promise<Answer> {
  const stored = ask.idempotency ? await store.replay(ask) : null;
  if (stored) return replayed(stored);
  const written = await change(ask);
  return written.replayed ? replayed(written.replayed) : ask.answer(written);
}

/** An answer given again, which says so. */
export const replayed = (stored: StoredAnswer): Answer => ({
  ...stored,
  headers: { ...stored.headers, 'Idempotent-Replayed': 'true' },
});
