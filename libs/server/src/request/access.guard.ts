import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import {
  auditRow,
  type Caller,
  type DenyList,
  holds,
  holdsPrivilege,
  type Limiter,
  strategyName,
  type TokenVerifier,
  type UnitTrees,
  withUnits,
} from '@stoettesystemer/access';
import { Refusal } from '@stoettesystemer/object';
import type { Database } from '@stoettesystemer/postgres';
import type { FastifyRequest } from 'fastify';
import type { KeyObject } from 'node:crypto';
import { incomingOf } from './incoming';
import { type RouteFacts, routeOf } from './route';

export interface AccessGuardOptions {
  readonly service: string;
  /** What passport asks. */
  readonly verifier: TokenVerifier;
  readonly limiter: Limiter | null;
  readonly revoked: DenyList;
  readonly database: Database;
  readonly pseudonymKey: KeyObject;
  /** Null where the service knows no units. */
  readonly units: UnitTrees | null;
}

/** The caller of a request that has passed the guard. */
export const callerOf = (request: FastifyRequest): Caller =>
  (request as FastifyRequest & { user: Caller }).user;

/**
 * The door (A9): who asks, whether they hurry too much, and whether the operation is theirs at all, on any object.
 * It stands before the body is read. Which objects it may be is the engine's to say.
 */
export function accessGuard({
  service,
  verifier,
  limiter,
  revoked,
  database,
  pseudonymKey,
  units,
}: AccessGuardOptions): CanActivate {
  const Token: Type<CanActivate> = AuthGuard(strategyName(service));

  @Injectable()
  class AccessGuard extends Token implements CanActivate {
    override async canActivate(context: ExecutionContext): Promise<boolean> {
      const { open, may, privilege } = routeOf(context.getHandler());
      if (open) return true;
      const request = context.switchToHttp().getRequest<FastifyRequest>();
      const verified = await this.verified(context, request);
      limiter?.take(verified);
      const caller = await withUnits(verified, units);
      (request as FastifyRequest & { user: Caller }).user = caller;
      if (may) await this.mustHold(request, caller, may);
      // The security log can be searched for a citizen, and a token can be taken back, by a privilege alone.
      else if (privilege !== null) revoked.mustBeFresh(caller, null, 'skriv');
      if (privilege !== null) await this.mustHoldPrivilege(request, caller, privilege);
      return true;
    }

    /**
     * By passport; but it takes a quarter of a small read to find out which strategy to ask, so one that has let a token in
     * is asked straight away when it comes again.
     */
    private async verified(context: ExecutionContext, request: FastifyRequest): Promise<Caller> {
      if (verifier.knows(request)) return verifier.verify(request);
      await super.canActivate(context);
      return callerOf(request);
    }

    private async mustHold(
      request: FastifyRequest,
      caller: Caller,
      { verb, types }: NonNullable<RouteFacts['may']>,
    ) {
      for (const type of types) revoked.mustBeFresh(caller, type, verb);
      if (types.some((type) => holds(caller, type, verb))) return;
      const type = types.length === 1 ? (types[0]?.name ?? null) : null;
      await this.logDenial(request, caller, verb, type, `${type?.toLowerCase() ?? service}:${verb}`);
      const names = types.map(({ name }) => name).join(', ');
      throw new Refusal(403, 'ingen_rettighed', `Aftalen giver ikke ret til ${verb} på ${names}.`);
    }

    private async mustHoldPrivilege(request: FastifyRequest, caller: Caller, privilege: string) {
      if (holdsPrivilege(caller, privilege)) return;
      await this.logDenial(request, caller, privilege.slice(privilege.indexOf(':') + 1), null, privilege);
      throw new Refusal(403, 'ingen_rettighed', `Aftalen giver ikke ret til ${privilege}.`);
    }

    /** A denied attempt is logged as one that was made (O1). */
    private async logDenial(
      request: FastifyRequest,
      caller: Caller,
      operation: string,
      type: string | null,
      rule: string,
    ) {
      const { transaction } = incomingOf(request);
      const row = auditRow({ caller, transaction, operation, type, allowed: false, rule }, pseudonymKey);
      await database.run({ owner: caller.owner }, row);
    }
  }
  return new AccessGuard();
}
