import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Refused } from '../decision/question';

/** OAuth has letters without æ, ø and å in its errors (RFC 6749 §5.2), so these are put without them. */
const TEXT: Readonly<Record<Refused, string>> = {
  ukendt_system: 'Systemet kendes ikke.',
  system_lukket: 'Systemet er lukket.',
  ukendt_service: 'Servicen kendes ikke.',
  myndighed_afgraenset: 'Systemet er ikke for den kommune.',
  ingen_aftale: 'Systemet har ingen serviceaftale med kommunen.',
  aftale_ikke_i_kraft: 'Serviceaftalen er ikke i kraft.',
  ingen_roller: 'Serviceaftalen giver ingen roller i servicen.',
  ingen_foederationsaftale: 'Kommunen har ingen aftale om brugere fra denne IdP.',
  ingen_jobfunktioner: 'Brugeren har ingen jobfunktioner, der giver adgang.',
};

/** Why there is no token, as OAuth says it (T12); the word of `Refused` comes first in the description. */
export function oauthRefusal(refused: Refused, scope: string): errors.OIDCProviderError {
  const description = `${refused}: ${TEXT[refused]}`;
  const more = { detail: refused };
  switch (refused) {
    case 'ukendt_system':
    case 'system_lukket':
      return new errors.UnauthorizedClient(description, more);
    case 'ukendt_service':
    case 'ingen_roller':
      return new errors.InvalidTarget(description, more);
    case 'myndighed_afgraenset':
    case 'ingen_aftale':
    case 'aftale_ikke_i_kraft':
      return new errors.InvalidScope(description, scope, more);
    case 'ingen_foederationsaftale':
    case 'ingen_jobfunktioner':
      return new errors.AccessDenied(description, more);
  }
}

/** Too many, or too many that failed: @param headers say for how long to wait. */
export function slowDown(
  ctx: KoaContextWithOIDC,
  headers: Readonly<Record<string, string>>,
): errors.OIDCProviderError {
  ctx.set(headers);
  const error = new errors.CustomOIDCProviderError('slow_down', 'For mange forsoeg. Vent lidt.');
  return Object.assign(error, { status: 429, statusCode: 429 });
}
