import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { type Ask, ObjectStore } from '@stoettesystemer/engine';
import { Omorganisering } from '@stoettesystemer/model';
import {
  Asking,
  Body,
  give,
  ifMatchOf,
  OptionalBody,
  Route,
  type Taken,
  Uuid,
} from '@stoettesystemer/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { APPLY, type ApplyWish, UNDO, type Wish } from './command-shape';
import { type Done, ReorganisationDesk } from './reorganisation-desk';

const may = { verb: 'skriv', types: [Omorganisering] } as const;
const AS_IT_IS = { virkning: 'alle', registrering: 'nu' } as const;

/** The steps that a plan takes, an address for each. */
@Controller('v1/omorganiseringer/:uuid')
export class ReorganisationController {
  constructor(
    private readonly desk: ReorganisationDesk,
    private readonly store: ObjectStore,
  ) {}

  @Post('anvend')
  @HttpCode(200)
  @Route({ may })
  async apply(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Body(APPLY) { value }: Taken<ApplyWish>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const note = value.note ?? undefined;
    await this.answer(ask, await this.desk.apply(ask, uuid, ifMatchOf(request), value.grundlag, note), reply);
  }

  @Post('fortryd')
  @HttpCode(200)
  @Route({ may })
  async undo(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @OptionalBody(UNDO) { value }: Taken<Wish>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await this.answer(
      ask,
      await this.desk.undo(ask, uuid, ifMatchOf(request), value.note ?? undefined),
      reply,
    );
  }

  /** The plan as it then stands. */
  private async answer(ask: Ask, { uuid, isNew }: Done, reply: FastifyReply): Promise<void> {
    const { body, number } = await this.store.read(ask, Omorganisering, uuid, AS_IT_IS);
    const headers = {
      'cache-control': 'private, no-cache',
      ETag: `"${number}"`,
      ...(isNew ? {} : { 'Preference-Applied': 'uaendret' }),
    };
    give(reply, { status: 200, headers, body });
  }
}
