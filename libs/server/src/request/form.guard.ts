import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { mustAccept } from './media-type';
import { onlyThese, type Parameters, parametersOf } from './query-string';
import { routeOf } from './route';

const QUERY = Symbol('query');
interface Read {
  [QUERY]?: Parameters;
}
const NOTHING: Parameters = {};

/** The query of a request, strictly read and holding only what the operation has (T55). */
export const queryOf = ({ raw }: FastifyRequest): Parameters => (raw as Read)[QUERY] ?? NOTHING;

/** Looks at the form of a request that may be made: its query, and whether its sender takes what we give. */
@Injectable()
export class FormGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { parameters, gives } = routeOf(context.getHandler());
    const query = parametersOf(request.raw.url ?? '');
    onlyThese(query, parameters);
    (request.raw as Read)[QUERY] = query;
    mustAccept(request, gives);
    return true;
  }
}
