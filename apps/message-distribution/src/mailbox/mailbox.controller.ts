import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { Ask } from '@stoettesystemer/engine';
import { Besked, Dueslag } from '@stoettesystemer/model';
import { malformed } from '@stoettesystemer/object';
import {
  Asking,
  Body,
  integerOf,
  OptionalBody,
  type Parameters,
  Query,
  Route,
  type RunningSurroundings,
  SURROUNDINGS,
  type Taken,
  Uuid,
} from '@stoettesystemer/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BATCH_TYPE } from '../envelope/cloud-event/cloud-event';
import {
  type ClaimBody,
  claimShape,
  type DeadBody,
  deadShape,
  MOST,
  type ReceiptBody,
  receiptShape,
  type ReplayBody,
  replayShape,
} from './bodies';
import { DeadLetters } from './dead-letters';
import { MailboxState } from './mailbox-state';
import { Pull } from './pull';
import { Replays } from './replays';

const USUAL = { limit: 100, seconds: 60 } as const;
const TAKING = { may: { verb: 'laes', types: [Besked] } } as const;
const LOOKING = { may: { verb: 'laes', types: [Dueslag] } } as const;
const CHANGING = { may: { verb: 'skriv', types: [Dueslag] } } as const;

/** What happens in a dueslag, for the system that it belongs to (contract §8). */
@Controller('v1/dueslag/:uuid')
export class MailboxController {
  constructor(
    private readonly pull: Pull,
    private readonly state: MailboxState,
    private readonly dead: DeadLetters,
    private readonly replays: Replays,
    @Inject(SURROUNDINGS) private readonly surroundings: RunningSurroundings,
  ) {}

  @Post('krav')
  @Route(TAKING)
  async claim(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @OptionalBody(claimShape) { value }: Taken<ClaimBody>,
    @Res() reply: FastifyReply,
  ) {
    const { antal: limit = USUAL.limit, sekunder: seconds = USUAL.seconds, vent: wait = 0 } = value;
    const lease = await this.pull.claim(ask, uuid, { limit, seconds, wait }, this.ending(reply));
    const beskeder = (lease?.deliveries ?? []).map(({ event }) => event);
    void reply
      .code(200)
      .header('cache-control', 'no-store')
      .send({ krav: lease?.id ?? null, udloeber: lease?.until ?? null, beskeder });
  }

  @Post('kvitteringer')
  @HttpCode(204)
  @Route(TAKING)
  async acknowledge(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Body(receiptShape) { value }: Taken<ReceiptBody>,
  ): Promise<void> {
    const { krav: lease, modtaget: received = [], afvist = [] } = value;
    const rejected = afvist.map(({ id, aarsag: reason }) => ({ id, reason }));
    await this.pull.acknowledge(ask, uuid, { lease, received, rejected });
  }

  @Get('beskeder')
  @Route({ ...TAKING, parameters: ['efter', 'limit', 'vent'], gives: BATCH_TYPE })
  async read(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Query() parameters: Parameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const after = integerOf(parameters, 'efter', 0, Number.MAX_SAFE_INTEGER) ?? 0;
    const limit = integerOf(parameters, 'limit', 1, MOST.claim) ?? USUAL.limit;
    const wait = integerOf(parameters, 'vent', 0, MOST.wait) ?? 0;
    const { deliveries, position } = await this.pull.read(
      ask,
      uuid,
      { after, limit, wait },
      this.ending(reply),
    );
    const next = new URLSearchParams({ ...parameters, efter: String(position) });
    void reply
      .header('content-type', `${BATCH_TYPE}; charset=utf-8`)
      .header('cache-control', 'no-store')
      .header('Link', `<${request.url.split('?', 1)[0]!}?${next.toString()}>; rel="next"`)
      .send(
        JSON.stringify(deliveries.map(({ event, position: at }) => ({ ...event, position: String(at) }))),
      );
  }

  @Get('tilstand')
  @Route(LOOKING)
  async show(@Asking() ask: Ask, @Uuid() uuid: string, @Res() reply: FastifyReply) {
    void reply.header('cache-control', 'no-store').send(await this.state.read(ask, uuid));
  }

  @Get('fejlkoe')
  @Route({ ...LOOKING, parameters: ['efter', 'limit'] })
  async letters(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Query() parameters: Parameters,
    @Res() reply: FastifyReply,
  ) {
    const after = integerOf(parameters, 'efter', 0, Number.MAX_SAFE_INTEGER) ?? 0;
    const limit = integerOf(parameters, 'limit', 1, MOST.claim) ?? USUAL.limit;
    const { letters, next } = await this.dead.list(ask, uuid, { after, limit });
    void reply.header('cache-control', 'no-store').send({ data: letters, naeste: next });
  }

  @Post('fejlkoe/gensend')
  @HttpCode(200)
  @Route(CHANGING)
  async resend(@Asking() ask: Ask, @Uuid() uuid: string, @Body(deadShape) { value }: Taken<DeadBody>) {
    return { antal: await this.dead.resend(ask, uuid, positionsOf(value)) };
  }

  @Post('fejlkoe/kasser')
  @HttpCode(200)
  @Route(CHANGING)
  async discard(@Asking() ask: Ask, @Uuid() uuid: string, @Body(deadShape) { value }: Taken<DeadBody>) {
    return { antal: await this.dead.discard(ask, uuid, positionsOf(value)) };
  }

  @Post('genafspil')
  @HttpCode(202)
  @Route(CHANGING)
  async replay(@Asking() ask: Ask, @Uuid() uuid: string, @Body(replayShape) { value }: Taken<ReplayBody>) {
    return { nummer: await this.replays.ask(ask, uuid, value.fra, value.til ?? null) };
  }

  /** Aborts when the client has gone or the service ends. */
  private ending(reply: FastifyReply): AbortSignal {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    return AbortSignal.any([this.surroundings.closing, gone.signal]);
  }
}

/** Null: all of them. @throws Refusal 400 unless it is one of the two. */
function positionsOf({ positioner, alle }: DeadBody): readonly number[] | null {
  if ((positioner === undefined) === (alle === undefined))
    throw malformed('valg', '', 'Sig enten positioner eller alle.');
  return positioner ?? null;
}
