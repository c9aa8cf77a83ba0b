import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Ask } from '@stoettesystemer/engine';
import { Delegation } from '@stoettesystemer/model';
import { isCvr, malformed } from '@stoettesystemer/object';
import {
  Asking,
  commandAsk,
  give,
  ifMatchOf,
  OptionalBody,
  pageText,
  Route,
  type Taken,
  Uuid,
} from '@stoettesystemer/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { stepShape } from './note-shape';
import { type Received, ReceivedDelegations, type Step } from './received-delegations';

interface Noted {
  readonly note?: string;
}
const WRITE = { may: { verb: 'skriv', types: [Delegation] } } as const;

const shown = ({ ejer, status, delegation, jobfunktionsrolle }: Received): string =>
  `{"ejer":"${ejer}","status":"${status}","delegation":${delegation},"jobfunktionsrolle":${jobfunktionsrolle ?? 'null'}}`;

/** Roles that others have delegated to the caller's municipality: to be read, and said yes or no to. */
@Controller('v1/delegationer/modtagne')
export class ReceivedController {
  constructor(private readonly received: ReceivedDelegations) {}

  @Get()
  @Route({ may: { verb: 'laes', types: [Delegation] } })
  async all(@Asking() ask: Ask, @Res() reply: FastifyReply) {
    const data = (await this.received.all(ask)).map(shown);
    give(reply, { status: 200, headers: { 'cache-control': 'private, no-cache' }, body: pageText(data) });
  }

  @Post(':ejer/:uuid/accepter')
  @HttpCode(200)
  @Route(WRITE)
  accept(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @OptionalBody(stepShape) said: Taken<Noted>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.take('accepter', ask, uuid, said, request, reply);
  }

  @Post(':ejer/:uuid/afvis')
  @HttpCode(200)
  @Route(WRITE)
  decline(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @OptionalBody(stepShape) said: Taken<Noted>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.take('afvis', ask, uuid, said, request, reply);
  }

  @Post(':ejer/:uuid/ophaev')
  @HttpCode(200)
  @Route(WRITE)
  end(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @OptionalBody(stepShape) said: Taken<Noted>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.take('ophaev', ask, uuid, said, request, reply);
  }

  private async take(
    step: Step,
    ask: Ask,
    uuid: string,
    { text, value: { note } }: Taken<Noted>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { ejer: owner = '' } = request.params as { ejer?: string };
    if (!isCvr(owner)) throw malformed('cvr', '', 'Adressen skal have delegationens ejer: et CVR-nummer.');
    // What is stored for an Idempotency-Key is stored with its owner, and this one is another's object.
    const { idempotency: _, ...asking } = commandAsk(request, ask, text);
    const written = await this.received.step(asking, { owner, uuid }, step, ifMatchOf(request), note);
    give(reply, asking.answer(written));
  }
}
