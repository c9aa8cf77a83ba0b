import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM, problemOf } from '../answer/problem';
import { closing, refusalOf } from '../answer/refusal-of';
import { lingerOver } from '../intake/request-body';
import { callerOf } from '../request/access.guard';
import { checkIncoming, type Incoming, incomingOf } from '../request/incoming';
import { type Logger, requestLog } from '../log';
import type { Metrics } from './metrics';
import type { RouteTable } from './route-table';

export interface FastifyParts {
  readonly service: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly routes: RouteTable;
  readonly isClosing: () => boolean;
}

const LONGEST_PARAMETER = 500;
/** The headers of every answer: which request it answers, and what a browser that was not meant to get it may do. */
const headersFor = ({ transaction, time, traceparent }: Incoming): Record<string, string> => ({
  'x-TransaktionsId': transaction,
  'x-TransaktionsTid': time,
  traceparent,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
});

/** Fastify, with nothing read of a body until a controller asks: the guards stand before that (T1, T43). */
export function fastifyApp(parts: FastifyParts): FastifyAdapter {
  const adapter = new FastifyAdapter({
    logger: false,
    skipMiddie: true,
    routerOptions: { maxParamLength: LONGEST_PARAMETER, caseSensitive: true, ignoreTrailingSlash: false },
    // The router cannot read the address, so no hook and no filter is asked.
    frameworkErrors: (cause: unknown, request: FastifyRequest, reply: FastifyReply) =>
      refuse(cause, request, reply),
  });
  const app = adapter.getInstance() as FastifyInstance;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onRoute', ({ url, method }) => parts.routes.add(url, method));
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headersFor(incomingOf(request)));
    begin(parts, request, reply, done);
  });
  const notes = { ...parts, write: requestLog(parts.log) };
  app.addHook('onResponse', (request, reply, done) => {
    lingerOver(request.raw);
    note(notes, request, reply);
    done();
  });
  return adapter;
}

/** Whoever asks how we are is told to the last. */
const isHealth = ({ routeOptions }: FastifyRequest): boolean =>
  routeOptions.url?.includes('/sundhed/') === true;

function begin(
  { routes, isClosing }: FastifyParts,
  request: FastifyRequest,
  reply: FastifyReply,
  go: (cause?: Error) => void,
): void {
  if (isClosing() && !isHealth(request)) {
    void reply.header('connection', 'close');
    return go(closing());
  }
  const methods = request.method === 'OPTIONS' ? routes.methodsOf(request.raw.url ?? '') : [];
  if (methods.length > 0) {
    void reply.code(204).header('Allow', methods.join(', ')).send();
    return;
  }
  try {
    checkIncoming(request);
    go();
  } catch (cause) {
    go(cause as Error);
  }
}

function refuse(cause: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = refusalOf(cause);
  const incoming = incomingOf(request);
  void reply
    .code(refusal.status)
    .headers(headersFor(incoming))
    .header('content-type', PROBLEM)
    .send(problemOf(refusal, incoming.transaction));
}

/** One line for each request, of these fields and no others (O4). */
function note(
  { service, metrics, write }: FastifyParts & { readonly write: ReturnType<typeof requestLog> },
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { transaction, started } = incomingOf(request);
  const ms = Math.round((performance.now() - started) * 10) / 10;
  const route = request.is404 ? 'ukendt' : (request.routeOptions.url ?? 'ukendt');
  const { method } = request;
  const { statusCode: status } = reply;
  const caller = (callerOf(request) as ReturnType<typeof callerOf> | undefined) ?? null;
  metrics.observe(service, method, route, status, ms);
  // What anybody may read and services read all the time (keys, revocations, health) would drown the rest.
  const isEveryday = !caller && method === 'GET' && status < 400;
  write(isEveryday ? 'debug' : 'info', { method, route, status, ms, transaction, caller });
}
