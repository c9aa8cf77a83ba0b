import { Controller, Get, Header, Res, type Type } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { HTML } from '../request/media-type';
import { Route } from '../request/route';

/** What a service says of itself, written once at start. */
export interface About {
  readonly openapi: string;
  readonly asyncapi: string;
  /** The declarations as JSON. */
  readonly types: string;
  readonly docs: string;
}

/** Nothing but our own words and style: no script, no frame, no other address. */
const DOCS_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const json = (reply: FastifyReply, text: string) =>
  reply.header('content-type', 'application/json; charset=utf-8').send(text);

export function aboutController({ openapi, asyncapi, types, docs }: About): Type {
  @Controller()
  class AboutController {
    @Get('openapi.json')
    @Route({ open: true })
    openapi(@Res() reply: FastifyReply) {
      void json(reply, openapi);
    }

    @Get('asyncapi.json')
    @Route({ open: true })
    asyncapi(@Res() reply: FastifyReply) {
      void json(reply, asyncapi);
    }

    @Get('typer')
    @Route({ open: true })
    types(@Res() reply: FastifyReply) {
      void json(reply, types);
    }

    @Get('docs')
    @Route({ open: true, gives: HTML })
    @Header('content-security-policy', DOCS_POLICY)
    docs(@Res() reply: FastifyReply) {
      void reply.header('content-type', `${HTML}; charset=utf-8`).send(docs);
    }
  }
  return AboutController;
}
