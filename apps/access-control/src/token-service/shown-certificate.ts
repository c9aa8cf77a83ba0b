import { hash, X509Certificate } from 'node:crypto';
import type { TokenRequest, TrustedProxies } from '@stoettesystemer/access';
import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * The certificate, among those registered for the client, that a trusted proxy says the client showed. What the proxy
 * passes on may be the thumbprint alone, so it is the registered one that is returned.
 */
export function shownCertificate(
  { req, oidc }: KoaContextWithOIDC,
  proxies: TrustedProxies,
): X509Certificate | undefined {
  const thumbprint = thumbprintOf(req, proxies);
  const registered = (oidc.client?.jwks?.keys ?? []).flatMap(({ x5c }) => x5c ?? []);
  return registered
    .map((certificate) => new X509Certificate(Buffer.from(certificate, 'base64')))
    .find(({ raw }) => hash('sha256', raw, 'base64url') === thumbprint);
}

function thumbprintOf({ headers, socket }: TokenRequest, proxies: TrustedProxies): string | null {
  const value = headers[proxies.header];
  // A server that listens to both families writes an IPv4 address as an IPv6 one.
  const peer = socket?.remoteAddress?.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
  if (typeof value !== 'string' || !proxies.addresses.includes(peer)) return null;
  if (/^[\w-]{43}$/.test(value)) return value;
  try {
    return hash('sha256', new X509Certificate(decodeURIComponent(value)).raw, 'base64url');
  } catch {
    return null;
  }
}
