import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
}
interface Waiting {
  resolve(answer: Answer): void;
  reject(cause: Error): void;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const EMPTY = Buffer.alloc(0);
const JSON_TYPE = 'application/json';

/**
 * One keep-alive connection to the loopback, one request at a time. Node's own client takes as much processor time as
 * the servers under test and would share two cores with them; this takes a fifth. It knows answers with a
 * Content-Length, and the two that have no body; any other is an error.
 */
export class Connection {
  private held = EMPTY;
  private waiting: Waiting | null = null;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
      this.read();
    });
    socket.on('error', (cause) => this.fail(cause));
    socket.on('close', () => this.fail(new Error('the server closed the connection')));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket));
      });
    });
  }

  ask(method: string, path: string, headers: string, body = '', type = JSON_TYPE): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      const about =
        body === '' ? '' : `content-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
      this.socket.write(`${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}${about}\r\n${body}`);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private read(): void {
    const end = this.held.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const head = this.held.toString('latin1', 0, end);
    const status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined && status !== 204 && status !== 304)
      return this.fail(new Error(`an answer without Content-Length: ${head.slice(0, 80)}`));
    const start = end + END_OF_HEAD.length;
    const stop = start + Number(length ?? 0);
    if (this.held.length < stop) return;
    const body = this.held.toString('utf8', start, stop);
    this.held = this.held.length === stop ? EMPTY : this.held.subarray(stop);
    const waiting = this.waiting;
    this.waiting = null;
    waiting?.resolve({ status, body });
  }

  private fail(cause: Error): void {
    this.waiting?.reject(cause);
    this.waiting = null;
  }
}
