import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { type Ask, ObjectStore } from '@stoettesystemer/engine';
import { Jobfunktionsrolle } from '@stoettesystemer/model';
import { now } from '@stoettesystemer/object';
import {
  Asking,
  commandAsk,
  give,
  ifMatchOf,
  OptionalBody,
  replayed,
  Route,
  type Taken,
  Uuid,
} from '@stoettesystemer/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { stepShape } from './note-shape';
import { APPROVE } from './rules/approval.rule';
import { stepped } from './status-step';
import { facetsOf } from './store-sight';

interface Noted {
  readonly note?: string;
}
const STEP = { may: { verb: 'skriv', types: [Jobfunktionsrolle] }, privilege: APPROVE } as const;
const AS_IT_IS = { virkning: 'alle', registrering: 'nu' } as const;

/** The second pair of eyes on a role (O15). Whose they may be, the rules say. */
@Controller('v1/jobfunktionsroller/:uuid')
export class ApprovalController {
  constructor(private readonly store: ObjectStore) {}

  @Post('godkend')
  @HttpCode(200)
  @Route(STEP)
  approve(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @OptionalBody(stepShape) said: Taken<Noted>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.take('Godkendt', ask, uuid, said, request, reply);
  }

  @Post('afvis')
  @HttpCode(200)
  @Route(STEP)
  reject(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @OptionalBody(stepShape) said: Taken<Noted>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.take('Afvist', ask, uuid, said, request, reply);
  }

  private async take(
    to: string,
    ask: Ask,
    uuid: string,
    { text, value: { note } }: Taken<Noted>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const asking = commandAsk(request, ask, text);
    const stored = asking.idempotency ? await this.store.replay(asking) : null;
    if (stored) return give(reply, replayed(stored));
    const ifMatch = ifMatchOf(request);
    const { body, number } = await this.store.read(ask, Jobfunktionsrolle, uuid, AS_IT_IS);
    // The store says what is wrong with a tag that is not the one just read.
    const step = { was: ['AfventerGodkendelse'], to, note };
    const change = ifMatch === number ? stepped(facetsOf(body), 'godkendelse', step, now()) : {};
    const written = await this.store.patch(asking, Jobfunktionsrolle, uuid, change, ifMatch);
    give(reply, written.replayed ? replayed(written.replayed) : asking.answer(written));
  }
}
