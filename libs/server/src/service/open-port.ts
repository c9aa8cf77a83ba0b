import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '@stoettesystemer/object';
import { PROBLEM, problemOf } from '../answer/problem';
import type { Service } from './create-service';
import { limits } from '../settings';

export interface OpenPort {
  readonly port: number;
  /** Stops intake, waits for what is under way, at most as long as `limits.shutdown.quiet`, and closes everything. */
  close(): Promise<void>;
}

const PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

const unreadable = ({ code }: NodeJS.ErrnoException): Refusal => {
  if (code === 'HPE_HEADER_OVERFLOW') return new Refusal(431, 'for_stort', 'Headerfelterne er for store.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Refusal(408, 'tid', 'Forespørgslen kom ikke frem i tide.');
  return new Refusal(400, 'http', 'Forespørgslen er ikke gyldig HTTP.');
};

/** What is not HTTP is answered all the same, by hand: no framework ever sees it. */
function answerByHand(cause: NodeJS.ErrnoException, socket: Duplex): void {
  if (cause.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = unreadable(cause);
  const transaction = randomUUID();
  const body = problemOf(refusal, transaction);
  socket.end(
    `HTTP/1.1 ${refusal.status} ${PHRASES[refusal.status]}\r\nContent-Type: ${PROBLEM}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nx-TransaktionsId: ${transaction}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function nobodyThere(response: ServerResponse): void {
  const transaction = randomUUID();
  response
    .writeHead(404, { 'content-type': PROBLEM, 'x-TransaktionsId': transaction })
    .end(problemOf(new Refusal(404, 'findes_ikke', 'Adressen findes ikke.'), transaction));
}

/** What else is served on the port, tried when no service has the path. */
export type Fallback = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves any number of services on one port, told apart by the first segment of the path (O7, R12). */
export async function openPort(
  services: readonly Service[],
  port: number,
  fallback?: Fallback,
): Promise<OpenPort> {
  const byPrefix = new Map(services.map((service) => [service.prefix, service]));
  let underWay = 0;
  let idle = (): void => undefined;
  const { http } = limits;
  const server = createServer(
    {
      maxHeaderSize: http.maxHeaderSize,
      headersTimeout: http.headersTimeout,
      keepAliveTimeout: http.keepAliveTimeout,
      // A whole request has no time of its own: bodies have (request-body.ts), and an import may take an hour.
      requestTimeout: 0,
      connectionsCheckingInterval: http.checkInterval,
    },
    (request, response) => {
      underWay++;
      response.once('close', () => {
        underWay--;
        if (underWay === 0) idle();
      });
      const [, prefix = ''] = (request.url ?? '').split(/[/?]/, 2);
      const service = byPrefix.get(prefix);
      if (service) service.handle(request, response);
      else if (fallback) fallback(request, response);
      else nobodyThere(response);
    },
  );
  server.setTimeout(http.idleTimeout);
  server.on('clientError', answerByHand);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  await Promise.all(services.map((service) => service.opened()));
  const quiet = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limits.shutdown.quiet);
      idle = () => {
        clearTimeout(timer);
        resolve();
      };
      if (underWay === 0) idle();
    });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const service of services) service.stopIntake();
      // Newcomers are still answered, with 503: a refused connection tells a client nothing.
      await quiet();
      const shut = shutDoor(server);
      // Who came through it in the last moment, or keeps a connection, is heard once more, and told to hang up.
      await pause(limits.shutdown.farewell);
      await quiet();
      server.closeAllConnections();
      await shut;
      await Promise.all(services.map((service) => service.close()));
    },
  };
}

/** Nobody new is let in, and nobody who is here is hung up on, as `close` of the HTTP server would do with idle ones. */
const shutDoor = (server: Server): Promise<void> =>
  new Promise((resolve) => NetServer.prototype.close.call(server, () => resolve()));
