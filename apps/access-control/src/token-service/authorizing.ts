import { Inject, Injectable } from '@nestjs/common';
import { COMMON_OWNER, Limiter } from '@stoettesystemer/access';
import { now, Refusal } from '@stoettesystemer/object';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import { Deciding } from '../decision/deciding';
import type { Decision } from '../decision/question';
import { internalCaller } from '../internal-caller';
import type { LoggedIn } from './login-register';
import { oauthRefusal, slowDown } from './oauth-refusal';
import { type Wish, wishOf } from './wish';

/** Who acts for whom, the last first (RFC 8693 §4.1). */
export interface Actor {
  readonly sub: string;
  readonly act?: Actor;
}

/** The user of a token, and through whom they come to the service. */
export interface Behalf {
  readonly user: LoggedIn;
  /** Id of the login. */
  readonly login: string;
  readonly act: Actor;
  /** The municipality of the token that is exchanged; null when none is. */
  readonly owner: string | null;
  /** UUID of the it-system that the user is logged in to, where that is not the client. */
  readonly through: string | null;
}

/** What was decided for a request. */
export interface Authorized extends Wish {
  readonly decision: Decision;
  readonly behalf: Behalf | null;
}

/** Seconds that a token lives at most. */
export const LONGEST_LIFE = 300;
/** O6: what one client may ask of the token endpoint. */
const RATE = { perSecond: 5, burst: 10 };
const MICROSECONDS = 1_000_000n;
const ANY = internalCaller(COMMON_OWNER);

/** Asks, once for each request, whether the client may have the token; what it says is made of the same answer. */
@Injectable()
export class Authorizing {
  private readonly decided = new WeakMap<object, Authorized>();
  private readonly behalves = new WeakMap<object, Behalf>();
  private readonly limiter: Limiter | null;

  constructor(
    private readonly deciding: Deciding,
    @Inject(SURROUNDINGS) { settings }: Surroundings,
  ) {
    this.limiter = settings.profile === 'produktion' ? new Limiter(RATE) : null;
  }

  /** From now on the request is on behalf of this user. */
  onBehalf(ctx: KoaContextWithOIDC, behalf: Behalf): void {
    this.behalves.set(ctx, behalf);
  }

  of(ctx: KoaContextWithOIDC): Authorized {
    const authorized = this.decided.get(ctx);
    if (!authorized) throw new Error('A token that nobody has decided on');
    return authorized;
  }

  /**
   * Whether the client gets at the service, and for how long. Before a user is known there is only the form to check.
   * @throws OIDCProviderError
   */
  async resourceServer(ctx: KoaContextWithOIDC, service: string, client: string): Promise<ResourceServer> {
    this.mustNotHurry(ctx, client);
    const wish = wishOf(ctx, service);
    const found = {
      scope: wish.scope,
      audience: service,
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: 'ES256' } },
    } as const;
    if (ctx.oidc.route !== 'token') return found;
    const behalf = this.behalves.get(ctx) ?? null;
    if (behalf?.owner && behalf.owner !== wish.owner)
      throw new errors.InvalidScope('Tokenet, der veksles, er for en anden kommune.', wish.scope);
    const at = now();
    const decision = await this.deciding.decide({
      system: client,
      service,
      owner: wish.owner,
      at,
      ...(behalf ? { user: askingOf(behalf.user) } : {}),
      ...(behalf?.through ? { through: behalf.through } : {}),
    });
    if (decision.refused) throw oauthRefusal(decision.refused, wish.scope);
    const left = decision.until === null ? LONGEST_LIFE : Number((decision.until - at) / MICROSECONDS);
    if (left < 1) throw oauthRefusal('aftale_ikke_i_kraft', wish.scope);
    this.decided.set(ctx, { ...wish, decision, behalf });
    return { ...found, accessTokenTTL: Math.min(LONGEST_LIFE, left) };
  }

  private mustNotHurry(ctx: KoaContextWithOIDC, client: string): void {
    try {
      this.limiter?.take({ ...ANY, system: client });
    } catch (cause) {
      throw cause instanceof Refusal ? slowDown(ctx, cause.headers) : cause;
    }
  }
}

const askingOf = ({ home, idp, level, jobFunctions }: LoggedIn) => ({ home, idp, level, jobFunctions });
