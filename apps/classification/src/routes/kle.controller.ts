import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { COMMON_OWNER } from '@stoettesystemer/access';
import { type Ask, ObjectStore } from '@stoettesystemer/engine';
import { Klasse } from '@stoettesystemer/model';
import { malformed, Refusal } from '@stoettesystemer/object';
import { Asking, flagOf, mustBe, type Parameters, Query, Route, unpacked } from '@stoettesystemer/server';
import type { FastifyRequest } from 'fastify';
import { importKle } from '../kle-register/kle-import';

const XML = 'application/xml';
const CSV = 'text/csv';

/** An edition of KLE as the body; the report of what it changed as the answer. */
@Controller('v1/kle')
export class KleController {
  constructor(private readonly store: ObjectStore) {}

  @Post()
  @HttpCode(200)
  @Route({ may: { verb: 'importer', types: [Klasse] }, parameters: ['valider', 'lempelig', 'aeldre'] })
  async import(@Asking() ask: Ask, @Query() parameters: Parameters, @Req() request: FastifyRequest) {
    mustBe(request, (request.headers['content-type'] ?? '').startsWith(CSV) ? CSV : XML);
    if (ask.caller.owner !== COMMON_OWNER)
      throw new Refusal(403, 'faelles', 'KLE er fælles og lægges kun ind af den fælles organisation.');
    const length = Number(request.headers['content-length']);
    return importKle(this.store, ask, unpacked(request.raw), {
      day: new Date().toISOString().slice(0, 10),
      validateOnly: isTrial(parameters),
      lempelig: flagOf(parameters, 'lempelig'),
      older: flagOf(parameters, 'aeldre'),
      ...(Number.isFinite(length) ? { totalBytes: length } : {}),
    });
  }
}

function isTrial({ valider }: Parameters): boolean {
  if (valider !== undefined && valider !== 'kun') throw malformed('vaerdi', '?valider', 'Kan kun være kun.');
  return valider === 'kun';
}
