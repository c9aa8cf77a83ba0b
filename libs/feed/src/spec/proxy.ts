import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and PostgreSQL, and can stop passing anything on: to either side the other one sleeps. */
export class Proxy {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(private readonly target: URL) {
    this.server = createServer((near) => {
      const far = connect(Number(this.target.port || 5432), this.target.hostname);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(from);
        from.on('data', (bytes) => to.write(bytes));
        from
          .on('error', () => to.destroy())
          .on('close', () => {
            this.sockets.delete(from);
            to.destroy();
          });
      }
    });
  }

  /** The target's address, by way of the proxy. */
  async open(port = 0): Promise<string> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    const address = new URL(this.target);
    address.hostname = '127.0.0.1';
    address.port = `${(this.server.address() as AddressInfo).port}`;
    return address.href;
  }

  freeze(): void {
    for (const socket of this.sockets) socket.pause();
  }

  thaw(): void {
    for (const socket of this.sockets) socket.resume();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
