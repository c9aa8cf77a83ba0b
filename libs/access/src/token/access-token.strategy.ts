import { Strategy } from 'passport';
import type { TokenRequest } from './presented';
import type { TokenVerifier } from './token-verifier';

/**
 * The passport door for our access tokens: `passport.use(strategy)`, then `AuthGuard(strategy.name)`. Passport keeps
 * one list of strategies for the whole process, and all services may run in one: hence a name for each.
 */
export class AccessTokenStrategy extends Strategy {
  override readonly name: string;

  constructor(
    service: string,
    private readonly verifier: TokenVerifier,
  ) {
    super();
    this.name = strategyName(service);
  }

  /** Refusals go on as errors, so that they are answered as problems and not as passport's bare 401. */
  override authenticate(request: TokenRequest): void {
    this.verifier.verify(request).then(
      (caller) => this.success(caller),
      (refusal: unknown) => this.error(refusal),
    );
  }
}

export const strategyName = (service: string): string => `adgangstoken-${service}`;
