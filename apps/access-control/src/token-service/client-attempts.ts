import { Inject, Injectable } from '@nestjs/common';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { FailedAttempts } from './failed-attempts';
import { slowDown } from './oauth-refusal';

const ROUTES: ReadonlySet<string> = new Set(['token', 'pushed_authorization_request']);

/**
 * Holds back those who try to be a system that they are not (O6): by where they come from and whom they say they are, so
 * that a stranger keeps no system out. Those who name nobody that there is are held back by where they come from alone.
 */
@Injectable()
export class ClientAttempts {
  private readonly attempts: FailedAttempts | null;

  constructor(@Inject(SURROUNDINGS) { settings }: Surroundings) {
    this.attempts = settings.profile === 'produktion' ? new FailedAttempts() : null;
  }

  /** Before a signature is looked at. @param client null for one that is not known. @throws OIDCProviderError 429 */
  mustWait(ctx: KoaContextWithOIDC | undefined, client: string | null): void {
    if (!ctx || !ROUTES.has(ctx.oidc.route)) return;
    const seconds = this.attempts?.wait(whoOf(ctx, client)) ?? 0;
    if (seconds > 0) throw slowDown(ctx, { 'Retry-After': String(seconds) });
  }

  onRefused(ctx: KoaContextWithOIDC, error: Error): void {
    if (error instanceof errors.InvalidClientAuth)
      this.attempts?.failed(whoOf(ctx, ctx.oidc.client?.clientId ?? null));
  }

  onShown(ctx: KoaContextWithOIDC): void {
    this.attempts?.succeeded(whoOf(ctx, ctx.oidc.client?.clientId ?? null));
  }
}

const whoOf = ({ ip }: KoaContextWithOIDC, client: string | null): string => `${ip} ${client ?? ''}`;
