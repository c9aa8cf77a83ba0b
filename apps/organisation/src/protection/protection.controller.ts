import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { pseudonymise } from '@stoettesystemer/access';
import { type Ask, ObjectStore, type StoredAnswer, type Written } from '@stoettesystemer/engine';
import { Adresse, Bruger, OrganisationEnhed, Person } from '@stoettesystemer/model';
import type { Declaration } from '@stoettesystemer/object';
import {
  Asking,
  Body,
  type CommandAsk,
  commandAsk,
  give,
  ifMatchOf,
  replayed,
  Route,
  type RunningSurroundings,
  SURROUNDINGS,
  type Taken,
  Uuid,
} from '@stoettesystemer/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Anonymisation } from './anonymisation';
import { mustBeTold, type NumberAndReason, numberShape, type Reason, reasonShape } from './reason-shape';
import { unused } from './unused.rule';

/** Beside the right to delete, which the ordinary roles give: what is done here cannot be undone. */
export const ANONYMISE = 'organisation:anonymiser';
export const ERASE = 'organisation:fysiskslet';

const anonymising = (type: Declaration) =>
  ({ may: { verb: 'slet', types: [type] }, privilege: ANONYMISE }) as const;
const units = { may: { verb: 'slet', types: [OrganisationEnhed] }, privilege: ERASE } as const;

const headers = { 'cache-control': 'no-store' };
/** One that was deleted already is not shown. */
const asAnonymous = ({ outcome, number, body }: Written): StoredAnswer =>
  outcome === 'slettet'
    ? { status: 204, headers, body: null }
    : {
        status: 200,
        headers: {
          ...headers,
          ETag: `"${number}"`,
          ...(outcome === 'uaendret' ? { 'Preference-Applied': 'uaendret' } : {}),
        },
        body,
      };
const asList = (uuids: readonly string[]): StoredAnswer => ({
  status: 200,
  headers,
  body: JSON.stringify({ data: uuids }),
});

interface Anonymising {
  readonly ask: Ask;
  readonly taken: Taken<Reason>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What the data protection rules demand, and a privilege of its own gives. */
@Controller('v1')
export class ProtectionController {
  constructor(
    private readonly store: ObjectStore,
    private readonly anonymisation: Anonymisation,
    @Inject(SURROUNDINGS) private readonly surroundings: RunningSurroundings,
  ) {}

  @Post('personer/:uuid/anonymiser')
  @HttpCode(200)
  @Route(anonymising(Person))
  async person(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Body(reasonShape) taken: Taken<Reason>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await this.anonymise(Person, uuid, { ask, taken, request, reply });
  }

  @Post('brugere/:uuid/anonymiser')
  @HttpCode(200)
  @Route(anonymising(Bruger))
  async user(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Body(reasonShape) taken: Taken<Reason>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await this.anonymise(Bruger, uuid, { ask, taken, request, reply });
  }

  @Post('adresser/:uuid/anonymiser')
  @HttpCode(200)
  @Route(anonymising(Adresse))
  async address(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Body(reasonShape) taken: Taken<Reason>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await this.anonymise(Adresse, uuid, { ask, taken, request, reply });
  }

  @Post('personer/anonymiser')
  @HttpCode(200)
  @Route(anonymising(Person))
  async anonymiseByNumber(
    @Asking() ask: Ask,
    @Body(numberShape) { value }: Taken<NumberAndReason>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    // What is kept of the request is a sum of it, and of ten digits it would tell which they were.
    const told = JSON.stringify(pseudonymise(value, this.surroundings.pseudonymKey));
    const asking = commandAsk(request, ask, told);
    let answer = asList([]);
    const last = (uuids: readonly string[]): Ask => {
      answer = asList(uuids);
      return { ...asking, answer: () => answer };
    };
    await this.once({ ...asking, answer: () => answer }, reply, () =>
      this.anonymisation.all(ask, value, last),
    );
  }

  @Post('organisationenheder/:uuid/fjern')
  @HttpCode(204)
  @Route(units)
  async erase(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Body(reasonShape) { text, value }: Taken<Reason>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const answer = (): StoredAnswer => ({ status: 204, headers, body: null });
    const asking = { ...commandAsk(request, ask, text), answer };
    mustBeTold(value);
    const ifMatch = ifMatchOf(request);
    const options = { note: value.note, rules: [unused(OrganisationEnhed)] };
    await this.once(asking, reply, () => this.store.erase(asking, OrganisationEnhed, uuid, ifMatch, options));
  }

  private async anonymise(
    type: Declaration,
    uuid: string,
    { ask, taken: { text, value }, request, reply }: Anonymising,
  ): Promise<void> {
    const asking = { ...commandAsk(request, ask, text), answer: asAnonymous };
    const ifMatch = ifMatchOf(request);
    await this.once(asking, reply, () => this.anonymisation.one(asking, type, uuid, ifMatch, value));
  }

  private async once(asking: CommandAsk, reply: FastifyReply, change: () => Promise<Written>): Promise<void> {
    const stored = asking.idempotency ? await this.store.replay(asking) : null;
    if (stored) return give(reply, replayed(stored));
    const written = await change();
    give(reply, written.replayed ? replayed(written.replayed) : asking.answer(written));
  }
}
