import { Controller, Delete, Get, Patch, Post, Put, Req, Res, type Type } from '@nestjs/common';
import {
  type AsOf,
  type Ask,
  type ObjectInput,
  ObjectStore,
  type Query as Search,
} from '@stoettesystemer/engine';
import { type Declaration, malformed, Refusal } from '@stoettesystemer/object';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { give } from '../answer/answer';
import { answerOnce, ObjectAnswers } from '../answer/object-answers';
import { inputClasses } from '../intake/input-class';
import { noteShape, readManyShape } from '../intake/small-classes';
import { queryFrom, searchClass } from '../intake/search-class';
import { AS_OF, isSteady } from '../request/as-of';
import { historyCursors } from '../request/history-cursor';
import { ifMatchOf, mustBeNew } from '../request/preconditions';
import type { Parameters } from '../request/query-string';
import { Route } from '../request/route';
import { PAGE, RESULT } from '../request/search-fields';
import { pageOf, searchParameters } from '../request/search-parameters';
import { Asking, At, Body, OptionalBody, Query, type Taken, Uuid } from '../request/taken';

type Noted = Pick<ObjectInput, 'note'>;

/** Where the next page of a search by parameters is. */
const nextOf = (request: FastifyRequest, parameters: Parameters) => (cursor: string) =>
  `${request.url.split('?', 1)[0]}?${new URLSearchParams({ ...parameters, cursor }).toString()}`;

/** `If-None-Match: *` asks for 412, not for an If-Match, where there is something already. */
async function onlyNew<T>(request: FastifyRequest, work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => {
    if (cause instanceof Refusal && cause.status === 428 && mustBeNew(request))
      throw new Refusal(412, 'findes', 'Der er allerede et objekt med den UUID.');
    throw cause;
  });
}

/** Every operation of contract §3 on the objects of one declared type. */
export function controllerFor(type: Declaration): Type {
  const input = inputClasses(type);
  const byBody = searchClass(type);
  const byParameters = searchParameters(type);
  const may = (verb: 'laes' | 'skriv' | 'slet' | 'importer' | 'historik') => ({ verb, types: [type] });
  const reading = { may: may('laes'), parameters: AS_OF };
  const searching = {
    may: may('laes'),
    searches: true,
    parameters: [...byParameters.fields.map(({ name }) => name), ...RESULT, ...AS_OF],
  };
  const quietly = type.deletion === 'physical' ? ['udenNotifikation'] : [];

  @Controller(`v1/${type.path}`)
  class ObjectController {
    private readonly answers: ObjectAnswers;
    private readonly cursors: ReturnType<typeof historyCursors>;

    constructor(private readonly store: ObjectStore) {
      this.answers = new ObjectAnswers(store.options.service, type);
      this.cursors = historyCursors(store.options.secret);
    }

    @Get()
    @Route(searching)
    async search(
      @Asking() ask: Ask,
      @Query() parameters: Parameters,
      @At() at: AsOf,
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
    ) {
      const query = byParameters.query(parameters);
      const page = await byParameters.run(query, (each) => this.store.search(ask, type, each, at));
      give(reply, this.answers.page(page, nextOf(request, parameters)));
    }

    @Post('soegninger')
    @Route({ ...reading, searches: true })
    async searchByBody(
      @Asking() ask: Ask,
      @At() at: AsOf,
      @Body(byBody) { value }: Taken<Partial<Search>>,
      @Res() reply: FastifyReply,
    ) {
      give(reply, this.answers.page(await this.store.search(ask, type, queryFrom(value), at)));
    }

    @Post('laes')
    @Route(reading)
    async readMany(
      @Asking() ask: Ask,
      @At() at: AsOf,
      @Body(readManyShape) { value }: Taken<{ uuid: string[] }>,
      @Res() reply: FastifyReply,
    ) {
      give(reply, this.answers.many(await this.store.readMany(ask, type, value.uuid, at)));
    }

    @Get(':uuid')
    @Route(reading)
    async read(
      @Asking() ask: Ask,
      @Uuid() uuid: string,
      @At() at: AsOf,
      @Query() parameters: Parameters,
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
    ) {
      const snapshot = await this.store.read(ask, type, uuid, at);
      give(reply, this.answers.snapshot(request, snapshot, isSteady(parameters)));
    }

    @Get(':uuid/registreringer')
    @Route({ may: may('historik'), parameters: PAGE })
    async history(
      @Asking() ask: Ask,
      @Uuid() uuid: string,
      @Query() parameters: Parameters,
      @Res() reply: FastifyReply,
    ) {
      const { limit, cursor } = pageOf(parameters);
      const before = cursor === null ? null : this.cursors.read(ask.caller, uuid, cursor);
      // One more than asked for tells whether there are more.
      const found = await this.store.history(ask, type, uuid, { limit: limit + 1, before });
      const shown = found.slice(0, limit);
      const last = found.length > limit ? shown.at(-1) : undefined;
      give(
        reply,
        this.answers.history(shown, last ? this.cursors.write(ask.caller, uuid, last.number) : null),
      );
    }

    @Get(':uuid/registreringer/:nummer')
    @Route({ may: may('historik') })
    async registration(
      @Asking() ask: Ask,
      @Uuid() uuid: string,
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
    ) {
      const { nummer = '' } = request.params as { nummer?: string };
      if (!/^[1-9]\d{0,8}$/.test(nummer))
        throw malformed('tal', '', 'Registreringens nummer er et tal fra 1 og op.');
      const snapshot = await this.store.registration(ask, type, uuid, Number(nummer));
      give(reply, this.answers.snapshot(request, snapshot, true));
    }

    @Post()
    @Route({ may: may('skriv'), parameters: quietly })
    async create(
      @Asking() ask: Ask,
      @Body(input.create) { text, value }: Taken<ObjectInput>,
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
    ) {
      const changing = this.answers.changing(request, ask, text);
      give(reply, await answerOnce(this.store, changing, (each) => this.store.create(each, type, value)));
    }

    @Put(':uuid')
    @Route({ may: may('importer'), parameters: quietly })
    async put(
      @Asking() ask: Ask,
      @Uuid() uuid: string,
      @Body(input.create) { text, value }: Taken<ObjectInput>,
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
    ) {
      const changing = this.answers.changing(request, ask, text);
      const written = this.store.put(changing, type, uuid, value, ifMatchOf(request));
      give(reply, changing.answer(await onlyNew(request, written)));
    }

    @Patch(':uuid')
    @Route({ may: may('skriv'), parameters: quietly })
    async patch(
      @Asking() ask: Ask,
      @Uuid() uuid: string,
      @Body(input.change) { text, value }: Taken<ObjectInput>,
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
    ) {
      const changing = this.answers.changing(request, ask, text);
      give(reply, changing.answer(await this.store.patch(changing, type, uuid, value, ifMatchOf(request))));
    }

    @Post(':uuid/passiver')
    @Route({ may: may('skriv'), parameters: quietly })
    async passivate(
      @Asking() ask: Ask,
      @Uuid() uuid: string,
      @OptionalBody(noteShape) { text, value }: Taken<Noted>,
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
    ) {
      const changing = this.answers.changing(request, ask, text);
      const ifMatch = ifMatchOf(request);
      const passivate = (each: Ask) => this.store.passivate(each, type, uuid, ifMatch, value.note);
      give(reply, await answerOnce(this.store, changing, passivate));
    }

    @Delete(':uuid')
    @Route({ may: may('slet'), parameters: quietly })
    async remove(
      @Asking() ask: Ask,
      @Uuid() uuid: string,
      @OptionalBody(noteShape) { text, value }: Taken<Noted>,
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
    ) {
      const changing = this.answers.changing(request, ask, text);
      give(
        reply,
        changing.answer(await this.store.remove(changing, type, uuid, ifMatchOf(request), value.note)),
      );
    }
  }
  return ObjectController;
}
