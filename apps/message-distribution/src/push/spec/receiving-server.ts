import { EventEmitter } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A request as the receiver got it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly event: { readonly id: string; readonly subject?: string } & Record<string, unknown>;
}

export type Answering = (received: Received, response: ServerResponse) => void;

export const ok: Answering = (_, response) => response.writeHead(204).end();
export const status =
  (code: number, headers: Record<string, string> = {}): Answering =>
  (_, response) =>
    response.writeHead(code, headers).end();

/** A receiver of pushed messages, on a port of its own. */
export class ReceivingServer {
  /** Of messages, in the order that they came. */
  readonly received: Received[] = [];
  /** Of the question whether it wants any. */
  readonly asked: Received[] = [];
  connections = 0;
  /** What it answers messages. */
  answer: Answering = ok;
  /** What it answers when it is asked. */
  consent: Answering = (_, response) => response.writeHead(200, { 'webhook-allowed-origin': '*' }).end();
  private readonly told = new EventEmitter().setMaxListeners(0);
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    private readonly scheme: 'http' | 'https',
  ) {
    server.on('connection', (socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  static async open(tls?: { key: string; cert: string }): Promise<ReceivingServer> {
    const listener: RequestListener = (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts);
        const { method = '', url: path = '', headers } = request;
        const isJson = `${headers['content-type']}`.includes('json');
        const event = (isJson ? JSON.parse(body.toString()) : {}) as Received['event'];
        opened.take({ method, path, headers, body, event }, response);
      });
    };
    const server = tls ? createTlsServer(tls, listener) : createServer(listener);
    const opened = new ReceivingServer(server, tls ? 'https' : 'http');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return opened;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  at(host = '127.0.0.1', path = '/besked'): string {
    return `${this.scheme}://${host}:${this.port}${path}`;
  }

  ids(): string[] {
    return this.received.map(({ event }) => event.id);
  }

  /** Until it is so; looked at whenever something has come. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise((resolve) => this.told.once('came', resolve));
  }

  /** Ends the connections that nothing is under way on, as a server does that has not been called for a while. */
  dropIdle(): void {
    this.server.closeIdleConnections();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(received: Received, response: ServerResponse): void {
    const isQuestion = received.method === 'OPTIONS';
    (isQuestion ? this.asked : this.received).push(received);
    (isQuestion ? this.consent : this.answer)(received, response);
    this.told.emit('came');
  }
}
