import { Controller, Get, Inject, Post, Res } from '@nestjs/common';
import { auditRow, COMMON_OWNER } from '@stoettesystemer/access';
import type { Ask } from '@stoettesystemer/engine';
import { invalid, malformed } from '@stoettesystemer/object';
import {
  Asking,
  Body,
  integerOf,
  type Parameters,
  Query,
  Route,
  type RunningSurroundings,
  SURROUNDINGS,
  type Taken,
} from '@stoettesystemer/server';
import type { FastifyReply } from 'fastify';
import { RevocationDocument } from './revocation-document';
import { RevocationWatch } from './revocation-watch';
import { Revocations } from './revocations';
import { KINDS, type WithdrawalBody, withdrawalShape } from './withdrawal-shape';

export const JWT = 'application/jwt';
const LONGEST_WAIT = 25;
const PRIVILEGE = 'adgangsstyring:tilbagekald';
const LINE = { operation: 'tilbagekald', type: null, allowed: true, rule: PRIVILEGE } as const;
const LONGEST = 30 * 24 * 3600 * 1000;

/** What has been taken back, for every service to hear (A11), and the way to take something back by hand. */
@Controller()
export class RevocationController {
  constructor(
    private readonly revocations: Revocations,
    private readonly watch: RevocationWatch,
    private readonly document: RevocationDocument,
    @Inject(SURROUNDINGS) private readonly surroundings: RunningSurroundings,
  ) {}

  /** Open: it is signed, and says nothing but numbers and times. A service must hear it to judge any token at all. */
  @Get('tilbagekaldelser')
  @Route({ open: true, parameters: ['efter', 'vent'], gives: JWT })
  async list(@Query() parameters: Parameters, @Res() reply: FastifyReply) {
    const after = integerOf(parameters, 'efter', 0, Number.MAX_SAFE_INTEGER);
    const wait = integerOf(parameters, 'vent', 0, LONGEST_WAIT) ?? 0;
    let place = await this.revocations.place();
    if (place.position === after && wait > 0) {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const signal = AbortSignal.any([gone.signal, this.surroundings.closing]);
      await this.watch.wait(place, wait * 1000, signal);
      place = await this.revocations.place();
    }
    const text = await this.document.at(place);
    void reply.header('content-type', JWT).header('cache-control', 'no-store').send(text);
  }

  /** Without `til`: all that has been issued. With: all until then, also what is issued after this. */
  @Post('v1/tilbagekaldelser')
  @Route({ privilege: PRIVILEGE })
  withdraw(@Asking() ask: Ask, @Body(withdrawalShape) { value: body }: Taken<WithdrawalBody>) {
    const { caller } = ask;
    const [kind, ...more] = KINDS.filter((each) => body[each] !== undefined);
    if (kind === undefined || more.length > 0)
      throw malformed('valg', '', `Sig netop én af ${KINDS.join(', ')}.`);
    const wish = {
      kind,
      value: body[kind] ?? '',
      // A municipality takes back what is its own; the common organisation, what is anybody's.
      cvr: caller.owner === COMMON_OWNER ? null : caller.owner,
      reason: body.aarsag,
      until: endOf(body),
      system: caller.system,
      subject: caller.subject,
    };
    const line = auditRow({ ...ask, ...LINE, criteria: body }, this.surroundings.pseudonymKey);
    return this.revocations.withdraw(wish, caller.owner, line);
  }
}

/** @throws Refusal 400 for an end that has been, or is too far away to be meant. */
function endOf({ til }: WithdrawalBody): string | null {
  if (til === undefined) return null;
  const left = Date.parse(til) - Date.now();
  if (left > 0 && left <= LONGEST) return til;
  throw invalid('tidspunkt', '/til', 'Skal være efter nu og højst 30 dage fremme.');
}
