import { errors } from 'oidc-provider';
import { detailsOf } from '../decision/authorization-details';
import type { NsisLevel } from '../decision/question';
import type { Authorized } from './authorizing';
import { LONGEST_TOKEN, sizeOf } from './token-size';

export const acrOf = (level: NsisLevel): string => `https://data.gov.dk/concept/core/nsis/loa/${level}`;

/** What oidc-provider has put in the token, and we keep. */
interface Issued {
  readonly iss: unknown;
  readonly iat: unknown;
  readonly exp: unknown;
  readonly jti: unknown;
  readonly client_id: unknown;
  readonly cnf?: unknown;
}

/**
 * The claims of an access token (A6).
 * @throws OIDCProviderError when it would be too large to send.
 */
export function claimsOf(
  { iss, iat, exp, jti, client_id, cnf }: Issued,
  { service, owner, scope, decision, behalf }: Authorized,
): Record<string, unknown> {
  const claims = {
    iss,
    aud: service,
    sub: behalf?.user.subject ?? client_id,
    client_id,
    iat,
    exp,
    jti,
    scope,
    cvr: owner,
    ...(behalf ? { acr: acrOf(behalf.user.level), act: behalf.act, sid: behalf.login } : {}),
    ...(cnf === undefined ? {} : { cnf }),
    ...(decision.agreement ? { agr: decision.agreement.uuid, agv: decision.agreement.version } : {}),
    authorization_details: detailsOf(decision, owner),
  };
  const size = sizeOf(claims);
  if (size > LONGEST_TOKEN)
    throw new errors.InvalidTarget(
      `token_for_stort: Tokenet fylder ${size} tegn og kan ikke sendes; der er plads til ${LONGEST_TOKEN}. ` +
        'Del rollerne eller deres afgraensninger op.',
      { detail: 'token_for_stort' },
    );
  return claims;
}
