import { createServer } from 'node:net';

/** The wanted port of 127.0.0.1 if it is free, otherwise any that is. */
export async function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause) => {
      if (wanted === 0) reject(cause);
      else freePort().then(resolve, reject);
    });
    probe.listen({ port: wanted, host: '127.0.0.1' }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : wanted));
    });
  });
}
