import { type AssertionBy, tokenRequest } from './assertion';
import { type EventKind, eventOf } from './made-up-event';
import { bodyOf, changeOf, keyOf, uuidOf } from './made-up-thing';

/** Things by their numbers: `count` of them from `first` on. */
export interface Range {
  readonly first: number;
  readonly count: number;
}

/** What is asked again and again, of things drawn at random. `path` is where the things are. */
export type Workload =
  | ({ readonly kind: 'read'; readonly path: string; readonly query?: string } & Range)
  /** One of these addresses. */
  | { readonly kind: 'visit'; readonly paths: readonly string[] }
  /** Every thing once, each connection its share. */
  | ({ readonly kind: 'tour'; readonly path: string } & Range)
  | ({ readonly kind: 'search'; readonly path: string; readonly query?: string } & Range)
  /** Makes things with numbers that no other has. */
  | { readonly kind: 'create'; readonly path: string; readonly facts: number }
  /** Ret of one attribute; every thing is left to one connection, for `If-Match` names what it did last. */
  | ({ readonly kind: 'change'; readonly path: string } & Range)
  /** Asks for a token, each time with a new assertion. */
  | ({ readonly kind: 'token' } & AssertionBy)
  /** Sends events, so many at a time, that nobody has sent before. */
  | { readonly kind: 'send'; readonly path: string; readonly batch: number; readonly events: EventKind };

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers?: string;
  readonly body?: string;
  /** Of the body; JSON when left out. */
  readonly type?: string;
}

/** Numbers from here on are for things that a workload makes. */
const MADE = 3_000_000_000;
let made = MADE;
/** Events that have been sent. */
let sent = 0;
/** How often each thing has been registered, by its address. */
const registered = new Map<string, number>();

const MINIMAL = 'prefer: return=minimal\r\n';

/** Makes the requests of one of `connections`. */
export function requestsOf(
  workload: Workload,
  server: number,
  connection: number,
  connections: number,
): () => Request {
  switch (workload.kind) {
    case 'read': {
      const { path, query = '', first, count } = workload;
      return () => ({ method: 'GET', path: `${path}/${uuidOf(first + draw(count))}${query}` });
    }
    case 'visit': {
      const { paths } = workload;
      return () => ({ method: 'GET', path: paths[draw(paths.length)]! });
    }
    case 'tour': {
      const { path, first, count } = workload;
      let at = connection;
      return () => {
        const thing = uuidOf(first + (at % count));
        at += connections;
        return { method: 'GET', path: `${path}/${thing}` };
      };
    }
    case 'search': {
      const { path, query = '', first, count } = workload;
      return () => ({
        method: 'GET',
        path: `${path}?brugervendtNoegle=${keyOf(first + draw(count))}${query}`,
      });
    }
    case 'create': {
      const { path, facts } = workload;
      return () => ({ method: 'POST', path, headers: MINIMAL, body: JSON.stringify(bodyOf(made++, facts)) });
    }
    case 'token': {
      const body = tokenRequest(workload);
      const type = 'application/x-www-form-urlencoded';
      return () => ({ method: 'POST', path: '/adgangsstyring/token', body: body(), type });
    }
    case 'send': {
      const { path, batch, events } = workload;
      const type = 'application/cloudevents-batch+json';
      return () => {
        const body = JSON.stringify(Array.from({ length: batch }, () => eventOf(sent++, events)));
        return { method: 'POST', path, body, type };
      };
    }
    case 'change': {
      const { path, first, count } = workload;
      const share = Math.floor(count / connections);
      return () => {
        const thing = `${path}/${uuidOf(first + draw(share) * connections + connection)}`;
        const number = registered.get(`${server}${thing}`) ?? 1;
        registered.set(`${server}${thing}`, number + 1);
        const headers = `${MINIMAL}if-match: "${number}"\r\n`;
        return { method: 'PATCH', path: thing, headers, body: JSON.stringify(changeOf(number)) };
      };
    }
  }
}

const draw = (count: number): number => Math.floor(Math.random() * count);
