import { isCvr, isUuid } from '@stoettesystemer/object';
import type { JWTPayload } from 'jose';
import type { Caller } from '../caller';
import type { Privileges } from './privileges';

export const CLOCK_TOLERANCE = 10;
const LONGEST_LIFE = 600;
const LONGEST_TEXT = 255;

/** How a token is bound to its holder (A5). At least one is there in profile `produktion`. */
export interface Confirmation {
  /** SHA-256 thumbprint of the holder's DPoP key. */
  readonly jkt?: string;
  /** SHA-256 thumbprint of the holder's TLS certificate. */
  readonly x5t?: string;
}

/**
 * What jose does not look at in the payload of a verified token (A9), and the caller that it describes.
 * @param now seconds since 1970.
 * @throws Error naming what is wrong.
 */
export function readClaims(
  payload: JWTPayload,
  { service, privileges, now }: { service: string; privileges: Privileges; now: number },
): { caller: Caller; confirmation: Confirmation } {
  const { aud, iat, exp, sub, jti, client_id, cvr, acr, agr, agv, authorization_details, cnf } = payload;
  must(typeof aud === 'string', 'more than one audience');
  must(typeof iat === 'number' && typeof exp === 'number', 'iat or exp is not a number');
  must(iat <= now + CLOCK_TOLERANCE, 'issued in the future');
  must(exp - iat <= LONGEST_LIFE, 'lives too long');
  must(isText(sub) && isText(jti), 'malformed sub or jti');
  must(isUuid(client_id), 'malformed client_id');
  must(isCvr(cvr), 'malformed cvr');
  must(acr === undefined || isText(acr), 'malformed acr');
  must(agr === undefined || isUuid(agr), 'malformed agr');
  must(agv === undefined || Number.isSafeInteger(agv), 'malformed agv');
  return {
    caller: {
      service,
      owner: cvr,
      system: client_id.toLowerCase(),
      subject: sub,
      assurance: acr ?? null,
      agreement: agr?.toLowerCase() ?? null,
      agreementVersion: (agv as number | undefined) ?? null,
      tokenId: jti,
      issued: iat,
      expires: exp,
      groups: privileges.groupsOf(authorization_details, cvr),
    },
    confirmation: confirmationOf(cnf),
  };
}

/** A way of binding that we cannot check is no reason to let go of it. */
function confirmationOf(cnf: unknown): Confirmation {
  if (cnf === undefined) return {};
  must(typeof cnf === 'object' && cnf !== null, 'malformed cnf');
  const { jkt, 'x5t#S256': x5t, ...other } = cnf as Record<string, unknown>;
  must(Object.keys(other).length === 0, 'an unknown confirmation method');
  must(jkt !== undefined || x5t !== undefined, 'an empty cnf');
  must(jkt === undefined || isThumbprint(jkt), 'malformed jkt');
  must(x5t === undefined || isThumbprint(x5t), 'malformed x5t#S256');
  return { ...(jkt === undefined ? {} : { jkt }), ...(x5t === undefined ? {} : { x5t }) };
}

function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= LONGEST_TEXT && !value.includes('\0');
const isThumbprint = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-]{43}$/.test(value);
