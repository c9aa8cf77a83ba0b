import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** Which way bytes go: from the one who asks, or to it. */
export type Way = 'there' | 'back';

/** What is to go wrong with the connections that are open, and those that come; nothing is said of what is left out. */
export interface Fault {
  /** Milliseconds that everything is late. */
  readonly latency?: number;
  /** Whoever connects is hung up on at once, with a reset. */
  readonly reset?: boolean;
  /** The bytes that way are swallowed; to either side the other one is silent. */
  readonly silent?: Way;
  /** Each connection is reset after so many bytes that way from now on. */
  readonly cut?: { readonly way: Way; readonly bytes: number };
  /** The first bytes that way to hold `text` stay here, with all that follow, and `met` is called. */
  readonly hold?: { readonly way: Way; readonly text: string; readonly met: () => void };
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  readonly passed: Record<Way, number>;
  isHeld: boolean;
}

/** Stands between a client and a server and lets go wrong what goes wrong on the way. */
export class FaultProxy {
  private readonly pairs = new Set<Pair>();
  private fault: Fault = {};
  private readonly server = createServer({ allowHalfOpen: false }, (near) => this.join(near));

  constructor(private readonly target: URL) {}

  /** Opens it. Gives the target's address by way of the proxy. */
  async open(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = new URL(this.target);
    address.hostname = '127.0.0.1';
    address.port = String((this.server.address() as AddressInfo).port);
    return address.href;
  }

  /** Lets this go wrong from now on, in place of what did before. */
  suffer(fault: Fault): void {
    this.fault = fault;
    for (const { passed } of this.pairs) passed.there = passed.back = 0;
  }

  /** Resets every connection there is. */
  drop(): void {
    for (const pair of this.pairs) reset(pair);
  }

  async close(): Promise<void> {
    this.drop();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(near: Socket): void {
    if (this.fault.reset) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: Number(this.target.port), host: this.target.hostname });
    const pair: Pair = { near, far, passed: { there: 0, back: 0 }, isHeld: false };
    this.pairs.add(pair);
    for (const socket of [near, far])
      socket
        .on('error', () => reset(pair))
        .on('close', () => {
          this.pairs.delete(pair);
          for (const other of [near, far]) other.end();
        });
    this.pass(pair, near, far, 'there');
    this.pass(pair, far, near, 'back');
  }

  private pass(pair: Pair, from: Socket, to: Socket, way: Way): void {
    let before: Promise<unknown> = Promise.resolve();
    from.on('data', (bytes: Buffer) => {
      const { latency, silent, cut, hold } = this.fault;
      if (hold?.way === way && !pair.isHeld && bytes.includes(hold.text)) {
        pair.isHeld = true;
        hold.met();
      }
      if (pair.isHeld || silent === way) return;
      const left = cut?.way === way ? cut.bytes - pair.passed[way] : Infinity;
      pair.passed[way] += bytes.length;
      const late = latency === undefined ? undefined : setTimeout(latency);
      before = Promise.all([before, late]).then(() => {
        if (to.writable) to.write(bytes.subarray(0, Math.max(0, left)));
        if (bytes.length >= left) reset(pair);
      });
    });
  }
}

function reset({ near, far }: Pair): void {
  // One that is still connecting has nobody to tell; and one that is saying farewell cannot be reset any more.
  for (const socket of [near, far])
    if (socket.connecting || socket.writableEnded) socket.destroy();
    else if (!socket.destroyed) socket.resetAndDestroy();
}
