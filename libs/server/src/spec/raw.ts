import { connect } from 'node:net';

/** Writes bytes to a port, in pieces, and gives what comes back until the other side hangs up. */
export function raw(
  port: number,
  pieces: Iterable<string | Buffer> | AsyncIterable<string | Buffer>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    // The other side may hang up while we write: what it said before is what counts.
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ECONNRESET' && cause.code !== 'EPIPE') reject(cause);
    });
    const write = async () => {
      for await (const piece of pieces) {
        if (socket.destroyed) return;
        if (!socket.write(piece)) await new Promise((go) => socket.once('drain', go));
      }
    };
    socket.once('connect', () => void write().catch(reject));
  });
}
