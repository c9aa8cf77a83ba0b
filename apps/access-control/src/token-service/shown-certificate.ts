import { hash, X509Certificate } from 'node:crypto';
import { certificateOf, type TrustedProxies } from '@stoettesystemer/access';
import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * The certificate, among those registered for the client, that a trusted proxy says the client showed. What the proxy
 * passes on may be the thumbprint alone, so it is the registered one that is returned.
 */
export function shownCertificate(
  { req, oidc }: KoaContextWithOIDC,
  proxies: TrustedProxies,
): X509Certificate | undefined {
  const thumbprint = certificateOf(req, proxies);
  const registered = (oidc.client?.jwks?.keys ?? []).flatMap(({ x5c }) => x5c ?? []);
  return registered
    .map((certificate) => new X509Certificate(Buffer.from(certificate, 'base64')))
    .find(({ raw }) => hash('sha256', raw, 'base64url') === thumbprint);
}
