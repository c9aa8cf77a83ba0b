import { isCvr } from '@stoettesystemer/object';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';

/** What a token is asked for: one service and one municipality (A2). */
export interface Wish {
  /** entityId of the service. */
  readonly service: string;
  /** CVR of the municipality. */
  readonly owner: string;
  /** The part of the scope that names the municipality. */
  readonly scope: string;
}

const MUNICIPALITY = 'cvr:';

/**
 * Reads `resource` and `scope`, at the endpoint or from the code that is redeemed there.
 * @throws OIDCProviderError 400
 */
export function wishOf({ oidc, query }: KoaContextWithOIDC, service: string): Wish {
  const { body, params, entities, route } = oidc;
  // To pass over what narrows a request would widen it (A2).
  if ([body ?? {}, query].some((each) => 'authorization_details' in each))
    throw new errors.InvalidRequest('authorization_details tages ikke imod.');
  if (Array.isArray(params?.['resource'])) throw oneResource();
  const said = params?.['scope'] ?? entities.AuthorizationCode?.scope ?? '';
  const forUser = route !== 'token' || entities.AuthorizationCode !== undefined;
  const scopes = String(said)
    .split(' ')
    .filter((each) => each !== '' && !(forUser && each === 'openid'));
  const [scope = ''] = scopes;
  const owner = scope.slice(MUNICIPALITY.length);
  if (scopes.length !== 1 || !scope.startsWith(MUNICIPALITY) || !isCvr(owner))
    throw new errors.InvalidScope('scope skal have formen cvr:12345678.', String(said));
  return { service, owner, scope };
}

export const oneResource = (): Error =>
  new errors.InvalidTarget('Der skal gives netop en resource: servicens entityId.');
