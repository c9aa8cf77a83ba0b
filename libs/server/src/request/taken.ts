import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AsOf, Ask } from '@stoettesystemer/engine';
import { isUuid, malformed } from '@stoettesystemer/object';
import type { FastifyRequest } from 'fastify';
import { checked } from '../intake/checked';
import { parseJson } from '../intake/json';
import { readText } from '../intake/request-body';
import type { Shape } from '../intake/shape';
import { callerOf } from './access.guard';
import { asOf } from './as-of';
import { queryOf } from './form.guard';
import { header, incomingOf } from './incoming';
import { JSON_TYPE, mustBe } from './media-type';
import { flagOf, type Parameters } from './query-string';

const requestOf = (context: ExecutionContext): FastifyRequest =>
  context.switchToHttp().getRequest<FastifyRequest>();

const PURPOSE = /^[\p{L}\p{N}][\p{L}\p{N} ._:-]{0,99}$/u;
const purposeOf = (request: FastifyRequest): { purpose?: string } => {
  const purpose = header(request, 'formaal');
  if (purpose === undefined) return {};
  if (!PURPOSE.test(purpose)) throw malformed('formaal', '', 'formaal skal være en kode på højst 100 tegn.');
  return { purpose };
};

/** Who asks, and everything about the request that is not its content. */
export const Asking = createParamDecorator((_: unknown, context: ExecutionContext): Ask => {
  const request = requestOf(context);
  const { transaction, traceparent } = incomingOf(request);
  const quiet = flagOf(queryOf(request), 'udenNotifikation');
  return {
    caller: callerOf(request),
    transaction,
    traceparent,
    ...purposeOf(request),
    ...(quiet ? { quiet } : {}),
  };
});

export const Query = createParamDecorator((_: unknown, context: ExecutionContext): Parameters =>
  queryOf(requestOf(context)),
);

/** When, on both axes. */
export const At = createParamDecorator((_: unknown, context: ExecutionContext): AsOf =>
  asOf(queryOf(requestOf(context))),
);

/** The UUID of the path, in lower case. @throws Refusal 400 */
export const Uuid = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { uuid } = requestOf(context).params as { uuid?: string };
  if (!isUuid(uuid)) throw malformed('uuid', '', 'Adressen skal have en UUID.');
  return uuid.toLowerCase();
});

/** A body as it was sent, and as its class took it in. */
export interface Taken<T> {
  readonly text: string;
  readonly value: T;
}

/** Reads and checks the body, now that the guards have let the request in. @throws Refusal 400, 413, 415, 422 */
export const Body = createParamDecorator(
  async (shape: Shape, context: ExecutionContext): Promise<Taken<unknown>> => {
    const request = requestOf(context);
    mustBe(request, JSON_TYPE);
    const text = await readText(request.raw);
    return { text, value: checked(shape, parseJson(text)) };
  },
);

const EMPTY = /^[\t\n\r ]*$/;

/** As `Body`, where there need not be one. */
export const OptionalBody = createParamDecorator(
  async (shape: Shape, context: ExecutionContext): Promise<Taken<unknown>> => {
    const request = requestOf(context);
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    if (encoding === undefined && (length === undefined || length === '0'))
      return { text: '', value: checked(shape, {}) };
    const text = await readText(request.raw);
    if (EMPTY.test(text)) return { text, value: checked(shape, {}) };
    mustBe(request, JSON_TYPE);
    return { text, value: checked(shape, parseJson(text)) };
  },
);
