import { Controller, Get, Req, Res, type Type } from '@nestjs/common';
import { FeedReader } from '@stoettesystemer/feed';
import { type Declaration, malformed } from '@stoettesystemer/object';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../request/access.guard';
import { EVENTS } from '../request/media-type';
import { integerOf, type Parameters } from '../request/query-string';
import { Route } from '../request/route';
import { Query } from '../request/taken';
import { limits } from '../settings';

const FEED = ['efter', 'limit', 'vent', 'type', 'epoke'];

/** Hændelser (contract §7). `closing` ends the long polls when the service stops. */
export function feedController(service: string, types: readonly Declaration[], closing: AbortSignal): Type {
  const path = `/${service}/v1/haendelser`;

  @Controller('v1/haendelser')
  class FeedController {
    constructor(private readonly feed: FeedReader) {}

    @Get()
    @Route({ may: { verb: 'laes', types }, parameters: FEED, gives: EVENTS })
    async read(@Query() parameters: Parameters, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
      const { type, epoke } = parameters;
      const after = integerOf(parameters, 'efter', 0, Number.MAX_SAFE_INTEGER) ?? 0;
      const limit = integerOf(parameters, 'limit', 1, limits.feed.most) ?? limits.feed.limit;
      const wait = integerOf(parameters, 'vent', 0, limits.feed.longestWait) ?? 0;
      if (type === '') throw malformed('vaerdi', '?type', 'Skriv navne på objekttyper, adskilt af komma.');
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const { events, position, epoch } = await this.feed.read(callerOf(request), {
        after,
        limit,
        wait,
        ...(type === undefined ? {} : { types: type.split(',') }),
        ...(epoke === undefined ? {} : { epoch: epoke }),
        signal: AbortSignal.any([closing, gone.signal]),
      });
      const next = new URLSearchParams({ ...parameters, efter: String(position), epoke: epoch });
      void reply
        .header('content-type', `${EVENTS}; charset=utf-8`)
        .header('cache-control', 'no-store')
        // Past events that are for others too, so that a reader who sees few does not look through them again.
        .header('Link', `<${path}?${next.toString()}>; rel="next"`)
        .send(JSON.stringify(events));
    }

    @Get('tilstand')
    @Route({ may: { verb: 'laes', types } })
    async state(@Res() reply: FastifyReply) {
      void reply.header('cache-control', 'no-store').send(await this.feed.state());
    }
  }
  return FeedController;
}
