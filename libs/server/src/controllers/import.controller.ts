import { PassThrough, pipeline } from 'node:stream';
import { Controller, Post, Req, Res, type Type } from '@nestjs/common';
import { type Ask, ObjectStore } from '@stoettesystemer/engine';
import { type Declaration, malformed } from '@stoettesystemer/object';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ImportLines } from '../intake/import-line';
import { unpacked } from '../intake/request-body';
import { incomingOf } from '../request/incoming';
import { mustBe, NDJSON } from '../request/media-type';
import type { Parameters } from '../request/query-string';
import { Route } from '../request/route';
import { Asking, Query } from '../request/taken';
import type { Logger } from '../log';
import { limits } from '../settings';
import { bulkAnswers } from './bulk-import';

/** Importer mange (contract §5): lines in, lines out, and no more in memory than two batches. */
export function importController(types: readonly Declaration[], log: Logger): Type {
  const lines = new ImportLines(types);

  @Controller('v1/import')
  class ImportController {
    constructor(private readonly store: ObjectStore) {}

    @Post()
    @Route({ may: { verb: 'importer', types }, parameters: ['valider'], gives: NDJSON })
    importMany(
      @Asking() ask: Ask,
      @Query() { valider }: Parameters,
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
    ) {
      if (valider !== undefined && valider !== 'kun')
        throw malformed('vaerdi', '?valider', 'Kan kun være kun.');
      mustBe(request, NDJSON);
      const ahead = new PassThrough({ highWaterMark: limits.import.readAhead });
      pipeline(unpacked(request.raw), ahead, () => undefined);
      const { transaction: transaktionsid } = incomingOf(request);
      const answers = bulkAnswers(
        ahead,
        { store: this.store, lines, ask, validateOnly: valider === 'kun' },
        (cause) => log.error({ err: cause, transaktionsid }, 'import cut short'),
      );
      void reply.code(200).header('content-type', NDJSON).header('cache-control', 'no-store').send(answers);
    }
  }
  return ImportController;
}
