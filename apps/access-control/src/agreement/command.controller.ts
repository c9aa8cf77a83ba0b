import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Ask } from '@stoettesystemer/engine';
import { Serviceaftale } from '@stoettesystemer/model';
import {
  Asking,
  Body,
  commandAsk,
  give,
  ifMatchOf,
  OptionalBody,
  Route,
  type Taken,
  Uuid,
} from '@stoettesystemer/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { APPROVE, ASK } from './authority';
import { CommandDesk } from './command-desk';
import { SHAPES } from './command-shape';
import type { Command, Wish } from './commands';

const may = { verb: 'skriv', types: [Serviceaftale] } as const;
const VENDORS = { may, privilege: ASK } as const;
const MUNICIPALITYS = { may, privilege: APPROVE } as const;

/** The steps of the workflow, one address each. Whether it is the caller's to take, the rules say as well. */
@Controller('v1/serviceaftaler/:uuid')
export class CommandController {
  constructor(private readonly desk: CommandDesk) {}

  @Post('anmod')
  @HttpCode(200)
  @Route(VENDORS)
  request(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @OptionalBody(SHAPES.anmod) wish: Taken<Wish>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.take('anmod', ask, uuid, wish, request, reply);
  }

  @Post('traek')
  @HttpCode(200)
  @Route(VENDORS)
  withdraw(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @OptionalBody(SHAPES.traek) wish: Taken<Wish>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.take('traek', ask, uuid, wish, request, reply);
  }

  @Post('godkend')
  @HttpCode(200)
  @Route(MUNICIPALITYS)
  approve(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @OptionalBody(SHAPES.godkend) wish: Taken<Wish>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.take('godkend', ask, uuid, wish, request, reply);
  }

  @Post('afvis')
  @HttpCode(200)
  @Route(MUNICIPALITYS)
  reject(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Body(SHAPES.afvis) wish: Taken<Wish>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.take('afvis', ask, uuid, wish, request, reply);
  }

  @Post('ophaev')
  @HttpCode(200)
  @Route(MUNICIPALITYS)
  terminate(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Body(SHAPES.ophaev) wish: Taken<Wish>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.take('ophaev', ask, uuid, wish, request, reply);
  }

  @Post('ny-version')
  @HttpCode(200)
  @Route(VENDORS)
  requestAnew(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Body(SHAPES['ny-version']) wish: Taken<Wish>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.take('ny-version', ask, uuid, wish, request, reply);
  }

  private async take(
    command: Command,
    ask: Ask,
    uuid: string,
    { text, value }: Taken<Wish>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const asking = commandAsk(request, ask, text);
    give(reply, await this.desk.take(asking, uuid, ifMatchOf(request), command, value));
  }
}
