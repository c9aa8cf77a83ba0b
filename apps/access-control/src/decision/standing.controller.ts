import { Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { auditRow, COMMON_OWNER } from '@stoettesystemer/access';
import type { Ask } from '@stoettesystemer/engine';
import { now, Refusal } from '@stoettesystemer/object';
import { Database } from '@stoettesystemer/postgres';
import {
  Asking,
  Body,
  Route,
  type RunningSurroundings,
  SURROUNDINGS,
  type Taken,
} from '@stoettesystemer/server';
import { detailsOf } from './authorization-details';
import { Deciding } from './deciding';
import { entityIdOf } from './our-services';
import { type StandingBody, standingShape } from './standing-body';

const PRIVILEGE = 'adgangsstyring:afgoer';
/**
 * What a token would say if the it-system asked for one now. For a service that delivers without one being shown: it gives
 * no access to anything, and is decided by the same function as tokens are.
 */
@Controller('v1/afgoerelser')
export class StandingController {
  constructor(
    private readonly deciding: Deciding,
    private readonly database: Database,
    @Inject(SURROUNDINGS) private readonly surroundings: RunningSurroundings,
  ) {}

  @Post()
  @HttpCode(200)
  @Route({ privilege: PRIVILEGE })
  async decide(@Asking() ask: Ask, @Body(standingShape) { value }: Taken<StandingBody>) {
    const { caller } = ask;
    const { cvr: owner } = value;
    if (caller.owner !== COMMON_OWNER && caller.owner !== owner)
      throw new Refusal(403, 'ingen_rettighed', 'Tokenet er for en anden myndighed.');
    const system = value.system.toLowerCase();
    const service = entityIdOf(value.service);
    const decision = await this.deciding.decide({ system, service, owner, at: now() });
    const entry = {
      ...ask,
      operation: 'afgoer',
      type: null,
      objects: [system],
      allowed: true,
      rule: PRIVILEGE,
    };
    await this.database.run(
      { owner: caller.owner },
      auditRow({ ...entry, criteria: { service, cvr: owner } }, this.surroundings.pseudonymKey),
    );
    return {
      afvist: decision.refused,
      serviceaftale: decision.agreement,
      authorization_details: detailsOf(decision, owner),
    };
  }
}
