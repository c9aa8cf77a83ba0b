import { Controller, Get, Res } from '@nestjs/common';
import type { Ask } from '@stoettesystemer/engine';
import { Dueslag } from '@stoettesystemer/model';
import { Asking, Route, Uuid } from '@stoettesystemer/server';
import type { FastifyReply } from 'fastify';
import { Mailboxes } from '../mailbox/mailboxes';
import { writePublicKey } from '../standard-webhooks/signing-key';
import { PushKeys } from './push-keys';

/** What a receiver knows our messages by. */
@Controller('v1/dueslag/:uuid/noegler')
export class PushController {
  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly keys: PushKeys,
  ) {}

  @Get()
  @Route({ may: { verb: 'laes', types: [Dueslag] } })
  async show(@Asking() { caller }: Ask, @Uuid() uuid: string, @Res() reply: FastifyReply) {
    const mailbox = await this.mailboxes.open(caller, uuid, 'laes');
    const data = this.keys.of(mailbox).map(writePublicKey);
    void reply.header('cache-control', 'no-store').send({ data });
  }
}
