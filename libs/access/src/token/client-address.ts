import { isIP } from 'node:net';
import type { TokenRequest } from './presented';

/** Whoever is at the other end of the connection. A server that listens to both families writes IPv4 as IPv6. */
export const peerOf = ({ socket }: TokenRequest): string =>
  socket?.remoteAddress?.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';

/**
 * Where a request comes from: the peer, or what trusted proxies say that they had it from. What a client writes in the
 * header itself stands before that, and is not read (T39). @param proxies exact addresses.
 */
export function clientAddressOf(request: TokenRequest, proxies: readonly string[]): string {
  const said = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  let address = peerOf(request);
  while (proxies.includes(address)) {
    const before = said.pop()?.trim() ?? '';
    if (isIP(before) === 0) break;
    address = before;
  }
  return address;
}
