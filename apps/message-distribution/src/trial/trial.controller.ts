import { Controller, HttpCode, Post } from '@nestjs/common';
import type { Ask } from '@stoettesystemer/engine';
import { Abonnement } from '@stoettesystemer/model';
import { Asking, Body, Route, type Taken } from '@stoettesystemer/server';
import { type Said, Trial } from './trial';
import { trialShape } from './trial-body';

/** Filters are tried on a message before they are saved. */
@Controller('v1/abonnementer')
export class TrialController {
  constructor(private readonly trial: Trial) {}

  @Post('proev')
  @HttpCode(200)
  @Route({ may: { verb: 'skriv', types: [Abonnement] } })
  try(@Asking() ask: Ask, @Body(trialShape) { value }: Taken<Said>) {
    return this.trial.run(ask, value);
  }
}
