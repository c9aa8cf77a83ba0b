import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Caller, COMMON_OWNER, DenyList } from '@stoettesystemer/access';
import { ObjectStore } from '@stoettesystemer/engine';
import { Service } from '@stoettesystemer/model';
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { internalCaller } from '../internal-caller';
import { Revocations } from '../revocation/revocations';
import { type Actor, Authorizing } from './authorizing';
import { LoginRegister } from './login-register';
import { SigningKeys } from './signing-keys';

/** The name of the grant. */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
/** A4: a service may pass a user on once. */
const LONGEST_CHAIN = 2;
const OURSELVES = internalCaller(COMMON_OWNER);
const NOW = { virkning: 'nu', registrering: 'nu' } as const;

type Grant = (ctx: KoaContextWithOIDC) => Promise<void> | void;

/**
 * A service asks another on behalf of the user who asked it (RFC 8693, A4). It shows the token that it was called with and
 * gets one of its own, for that other service, in which both its own rights and the user's stand.
 */
@Injectable()
export class TokenExchange {
  static readonly parameters = [
    'subject_token',
    'subject_token_type',
    'requested_token_type',
    'actor_token',
    'audience',
    'scope',
    'resource',
  ];

  constructor(
    private readonly keys: SigningKeys,
    private readonly logins: LoginRegister,
    private readonly store: ObjectStore,
    private readonly authorizing: Authorizing,
    private readonly revocations: Revocations,
  ) {}

  /** @param issue what issues the client a token of its own, once it is known on whose behalf. */
  async exchange(ctx: KoaContextWithOIDC, issuer: string, issue: Grant): Promise<void> {
    const { params = {}, client } = ctx.oidc;
    const {
      subject_token,
      subject_token_type,
      requested_token_type = ACCESS_TOKEN,
      actor_token,
      audience,
    } = params;
    if (typeof subject_token !== 'string' || subject_token_type !== ACCESS_TOKEN)
      throw new errors.InvalidRequest('subject_token skal vaere et adgangstoken.');
    if (requested_token_type !== ACCESS_TOKEN || actor_token !== undefined || audience !== undefined)
      throw new errors.InvalidRequest('Der kan kun veksles til et adgangstoken for en resource.');
    const system = client?.clientId ?? '';
    const claims = await this.read(subject_token, issuer);
    await this.mustBeFor(claims.aud as string, system);
    await this.mustStand(claims);
    const login = String(claims['sid']);
    const user = await this.logins.find(login);
    if (!user || user.subject !== claims.sub) throw refused('the login has ended');
    const act = { sub: system, act: claims['act'] as Actor };
    if (depthOf(act) > LONGEST_CHAIN) throw refused('the chain is too long');
    this.authorizing.onBehalf(ctx, {
      user,
      login,
      act,
      owner: String(claims['cvr']),
      through: firstOf(act),
    });
    await issue(ctx);
    Object.assign(ctx.body as object, { issued_token_type: ACCESS_TOKEN });
  }

  private async read(token: string, issuer: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet(this.keys.publicJwks()), {
        issuer,
        typ: 'at+jwt',
        algorithms: ['ES256'],
        requiredClaims: ['sub', 'aud', 'exp', 'cvr', 'sid', 'act'],
      });
      if (typeof payload.aud !== 'string') throw new Error('not one audience');
      return payload;
    } catch (cause) {
      throw refused((cause as Error).message);
    }
  }

  /** What every service refuses would else come back under a new name (A11). */
  private async mustStand(claims: JWTPayload): Promise<void> {
    const denied = new DenyList();
    for (const each of (await this.revocations.inForce()).revocations) denied.add(each);
    const { sub = '', client_id, cvr, agr, jti = '', iat = 0, exp = 0 } = claims;
    const caller: Caller = {
      service: '',
      owner: String(cvr),
      system: String(client_id),
      subject: sub,
      assurance: null,
      agreement: typeof agr === 'string' ? agr : null,
      agreementVersion: null,
      tokenId: jti,
      issued: iat,
      expires: exp,
      groups: [],
    };
    if (denied.denies(caller)) throw refused('the token has been taken back');
  }

  /** The token was sent to the service that shows it: to nobody else is it a token to act on. */
  private async mustBeFor(service: string, system: string): Promise<void> {
    const ask = { caller: OURSELVES, transaction: randomUUID() };
    const { data } = await this.store.search(
      ask,
      Service,
      {
        udtryk: {
          og: [
            { felt: 'entityId', lig: service },
            { felt: 'udbyder', lig: { uuid: system } },
          ],
        },
        sorter: [],
        vis: 'uuid',
        limit: 1,
        cursor: null,
        antal: false,
      },
      NOW,
    );
    if (data.length === 0) throw refused('the token is for another service');
  }
}

const refused = (detail: string): Error => new errors.InvalidGrant({ detail });
const depthOf = ({ act }: Actor): number => 1 + (act ? depthOf(act) : 0);
const firstOf = ({ sub, act }: Actor): string => (act ? firstOf(act) : sub);
