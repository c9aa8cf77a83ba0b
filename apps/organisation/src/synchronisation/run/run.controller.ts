import { PassThrough, pipeline, Readable } from 'node:stream';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { type Ask, ObjectStore } from '@stoettesystemer/engine';
import { Synkronisering } from '@stoettesystemer/model';
import { Refusal } from '@stoettesystemer/object';
import {
  Asking,
  batchesOf,
  limits,
  mustBe,
  NDJSON,
  type Parameters,
  Query,
  refusalOf,
  Route,
  type RunningSurroundings,
  SURROUNDINGS,
  unpacked,
  Uuid,
} from '@stoettesystemer/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Origins } from './origins';
import { Run } from './run';
import { runLine } from './run-line';
import { WISHES, wishFrom } from './wish';

/** A directory's objects in, what is different about them out, and no more in memory than a batch and the tree of units. */
@Controller('v1/synkroniseringer')
export class RunController {
  constructor(
    private readonly store: ObjectStore,
    private readonly origins: Origins,
    @Inject(SURROUNDINGS) private readonly surroundings: RunningSurroundings,
  ) {}

  @Post(':uuid/indlaesninger')
  @Route({ may: { verb: 'importer', types: [Synkronisering] }, parameters: WISHES, gives: NDJSON })
  async take(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Query() parameters: Parameters,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const run = new Run(this.store, this.origins, ask, uuid, wishFrom(parameters));
    mustBe(request, NDJSON);
    await run.begin();
    const ahead = new PassThrough({ highWaterMark: limits.import.readAhead });
    pipeline(unpacked(request.raw), ahead, () => undefined);
    const failed = (cause: unknown): void => {
      // A refusal is the sender's to read; what it says of the source is not for the log.
      if (!(cause instanceof Refusal))
        this.surroundings.log.error(
          { err: cause, transaktionsid: ask.transaction },
          'synchronisation cut short',
        );
    };
    const answers = Readable.from(textOf(run, ahead, failed), { objectMode: true, highWaterMark: 2 });
    void reply.code(200).header('content-type', NDJSON).header('cache-control', 'no-store').send(answers);
  }
}

/** An answer that was cut short must not look whole: its last line says why, and the count is left out. */
async function* textOf(run: Run, source: Readable, failed: (cause: unknown) => void): AsyncGenerator<string> {
  let isOver = false;
  try {
    for await (const batch of batchesOf(source, limits.import))
      for await (const answer of run.take(batch.map(runLine))) yield `${JSON.stringify(answer)}\n`;
    for await (const answer of run.finish()) yield `${JSON.stringify(answer)}\n`;
    isOver = true;
  } catch (cause) {
    failed(cause);
    const { status, kode, detail } = refusalOf(cause);
    yield `${JSON.stringify({ status, fejl: [{ sti: '', kode, besked: detail }] })}\n`;
  } finally {
    source.destroy();
    if (!isOver) await run.breakOff();
  }
}
