import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import { Refusal } from '@stoettesystemer/object';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { echoOf, incomingOf } from '../request/incoming';
import type { Logger } from '../log';
import type { RouteTable } from '../service/route-table';
import { PROBLEM, problemOf } from './problem';
import { refusalOf } from './refusal-of';

/** Whatever is thrown anywhere becomes a problem here, and only here (contract §10). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Logger,
    private readonly routes: RouteTable,
  ) {}

  catch(cause: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const refusal = this.refusalOf(cause, request);
    const incoming = incomingOf(request);
    const { transaction } = incoming;
    if (refusal.status >= 500) this.log.error({ err: cause, transaktionsid: transaction }, 'request failed');
    else if (refusal.cause !== undefined)
      this.log.info({ reason: String(refusal.cause), transaktionsid: transaction }, 'request refused');
    if (reply.sent) return;
    void reply
      .code(refusal.status)
      .headers({ ...echoOf(incoming), 'cache-control': 'no-store', ...refusal.headers })
      .header('content-type', PROBLEM)
      .send(problemOf(refusal, transaction));
  }

  /** Nest says "not found" of every request that no route takes; the path may be one that takes other methods. */
  private refusalOf(cause: unknown, { method, raw }: FastifyRequest): Refusal {
    if (!(cause instanceof NotFoundException)) return refusalOf(cause);
    const methods = this.routes.methodsOf(raw.url ?? '');
    if (methods.length === 0) return new Refusal(404, 'findes_ikke', 'Adressen findes ikke.');
    return new Refusal(405, 'metode', `${method} kan ikke bruges her.`, {
      headers: { Allow: methods.join(', ') },
    });
  }
}
