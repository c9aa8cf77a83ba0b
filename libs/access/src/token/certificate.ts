import { hash, X509Certificate } from 'node:crypto';
import { peerOf } from './client-address';
import type { TokenRequest } from './presented';

/** TLS ends in front of us, at proxies that check the client's certificate and pass it on (RFC 8705). */
export interface TrustedProxies {
  /**
   * Lower-case name of the header that the proxies set, and take away when a client sends it: the certificate as
   * URL-encoded PEM, or its SHA-256 thumbprint in base64url.
   */
  readonly header: string;
  /** Exact addresses; the header is believed from nobody else. */
  readonly addresses: readonly string[];
}

/** Thumbprint of the certificate that the client showed the proxy, or null. */
export function certificateOf(request: TokenRequest, proxies: TrustedProxies): string | null {
  const value = request.headers[proxies.header];
  if (typeof value !== 'string' || !proxies.addresses.includes(peerOf(request))) return null;
  return /^[\w-]{43}$/.test(value) ? value : thumbprintOf(value);
}

function thumbprintOf(pem: string): string | null {
  try {
    return hash('sha256', new X509Certificate(decodeURIComponent(pem)).raw, 'base64url');
  } catch {
    return null;
  }
}
