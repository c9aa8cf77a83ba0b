import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Turns } from '@stoettesystemer/access';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from './access.guard';
import { routeOf } from './route';

/** Lets an it-system have only so many searches under way at once (O6). */
@Injectable()
export class TurnGuard implements CanActivate {
  constructor(private readonly turns: Turns | null) {}

  canActivate(context: ExecutionContext): boolean {
    if (!this.turns || !routeOf(context.getHandler()).searches) return true;
    const http = context.switchToHttp();
    const over = this.turns.take(callerOf(http.getRequest<FastifyRequest>()));
    const { raw } = http.getResponse<FastifyReply>();
    raw.once('close', over);
    if (raw.closed) over();
    return true;
  }
}
