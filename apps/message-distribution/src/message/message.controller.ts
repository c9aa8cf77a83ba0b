import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Ask } from '@stoettesystemer/engine';
import { Besked } from '@stoettesystemer/model';
import { Asking, give, readBytes, Route } from '@stoettesystemer/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DISTRIBUTED } from '../envelope/cloud-event/cloud-event';
import { Intake, type Taken } from './intake';
import { MessageKeys } from './message-keys';
import { readMessages } from './read-messages';

const KIB = 1024;
/** A batch of thin events; their number is bounded where they are read. */
const LARGEST = 4 * KIB * KIB;

const told = ({ event: { source, id }, refusal, isNew, receivers }: Taken) => ({
  source,
  id,
  status: refusal?.status ?? 202,
  ...(refusal ? { fejl: refusal.fejl } : { ny: isNew }),
  ...(receivers === null ? {} : { tilladtmodtager: receivers }),
});

/** The door that every sender uses, the registries too (contract §8). */
@Controller('v1/beskeder')
export class MessageController {
  constructor(
    private readonly intake: Intake,
    private readonly keys: MessageKeys,
  ) {}

  @Post()
  @Route({ may: { verb: 'skriv', types: [Besked] } })
  async send(@Asking() ask: Ask, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const body = await readBytes(request.raw, { size: LARGEST });
    const { personReference } = this.keys;
    const events = readMessages(
      { headers: request.headers, body },
      { required: DISTRIBUTED, personReference, sender: ask.caller.system },
    );
    const taken = await this.intake.take(ask, events);
    const refused = taken.filter(({ refusal }) => refusal !== null);
    // One that stands alone is refused as any request is.
    if (taken.length === 1 && refused[0]?.refusal) throw refused[0].refusal;
    const data = taken.map(told);
    give(reply, {
      // Whoever looks at the status alone must not take a part for the whole.
      status: refused.length === 0 ? 202 : 207,
      headers: { 'cache-control': 'no-store' },
      body: JSON.stringify({
        modtaget: taken.length - refused.length,
        nye: taken.filter(({ isNew }) => isNew).length,
        afvist: refused.length,
        data,
      }),
    });
  }
}
