import { Controller, Get, Res } from '@nestjs/common';
import { type AsOf, type Ask, ObjectStore } from '@stoettesystemer/engine';
import { classificationTypes } from '@stoettesystemer/model';
import { malformed } from '@stoettesystemer/object';
import { AS_OF, Asking, At, give, pageText, type Parameters, Query, Route } from '@stoettesystemer/server';
import type { FastifyReply } from 'fastify';
import { PathReader } from '../path-reader';

/** Look-up by the keys that people know: `?klassifikation=KLE&facet=Emne&klasse=27.18.02`. */
@Controller('v1/opslag')
export class PathController {
  private readonly reader: PathReader;

  constructor(store: ObjectStore) {
    this.reader = new PathReader(store);
  }

  @Get()
  @Route({
    may: { verb: 'laes', types: classificationTypes },
    parameters: ['klassifikation', 'facet', 'klasse', ...AS_OF],
  })
  async find(
    @Asking() ask: Ask,
    @Query() parameters: Parameters,
    @At() at: AsOf,
    @Res() reply: FastifyReply,
  ) {
    const { klassifikation, facet, klasse } = parameters;
    if (klassifikation === undefined) throw malformed('paakraevet', '?klassifikation', 'Skal være udfyldt.');
    if (klasse !== undefined && facet === undefined)
      throw malformed('paakraevet', '?facet', 'klasse kræver facet.');
    const path = {
      klassifikation,
      ...(facet === undefined ? {} : { facet }),
      ...(klasse === undefined ? {} : { klasse }),
    };
    const data = await this.reader.find(ask, path, at);
    give(reply, { status: 200, headers: {}, body: pageText(data) });
  }
}
