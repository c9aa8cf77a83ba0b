import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Ask } from '@stoettesystemer/engine';
import { Vaerdiliste } from '@stoettesystemer/model';
import { malformed } from '@stoettesystemer/object';
import {
  Asking,
  integerOf,
  mustBe,
  type Parameters,
  parseJson,
  Query,
  readText,
  Route,
  Uuid,
} from '@stoettesystemer/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MessageKeys } from '../message/message-keys';
import { takenValues } from './list-values';
import { ValueLists } from './value-lists';

const MIB = 1024 * 1024;
/** A hundred thousand UUIDs are four megabytes. */
const LARGEST = 16 * MIB;
const PAGE = { usual: 100, most: 500 } as const;
const MEMBERS: ReadonlySet<string> = new Set(['tilfoej', 'fjern']);
const JSON_TYPE = 'application/json';

interface Said {
  readonly tilfoej?: unknown;
  readonly fjern?: unknown;
}

/** What is on a list (contract §8). */
@Controller('v1/vaerdilister/:uuid/vaerdier')
export class ValueListController {
  constructor(
    private readonly lists: ValueLists,
    private readonly keys: MessageKeys,
  ) {}

  /** Personal numbers may stand here, so the body is never repeated in what is said of it. */
  @Post()
  @Route({ may: { verb: 'skriv', types: [Vaerdiliste] } })
  async alter(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    mustBe(request, JSON_TYPE);
    const said = read(parseJson(await readText(request.raw, { size: LARGEST })));
    const { personReference } = this.keys;
    const add = takenValues(said.tilfoej, '/tilfoej', personReference);
    const remove = takenValues(said.fjern, '/fjern', personReference);
    const { added, removed } = await this.lists.alter(ask, uuid, add, remove);
    void reply.code(200).header('cache-control', 'no-store').send({ tilfoejet: added, fjernet: removed });
  }

  @Get()
  @Route({ may: { verb: 'laes', types: [Vaerdiliste] }, parameters: ['limit', 'cursor'] })
  async list(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Query() parameters: Parameters,
    @Res() reply: FastifyReply,
  ) {
    const limit = integerOf(parameters, 'limit', 1, PAGE.most) ?? PAGE.usual;
    const after = parameters['cursor'] === undefined ? null : placeIn(parameters['cursor']);
    const { values, next } = await this.lists.list(ask, uuid, after, limit);
    const naeste = next === null ? null : Buffer.from(next).toString('base64url');
    void reply.header('cache-control', 'no-store').send({ data: values, naeste });
  }

  @Get('antal')
  @Route({ may: { verb: 'laes', types: [Vaerdiliste] } })
  async count(@Asking() ask: Ask, @Uuid() uuid: string, @Res() reply: FastifyReply) {
    const { count, persons } = await this.lists.count(ask, uuid);
    void reply.header('cache-control', 'no-store').send({ antal: count, heraf: { personnumre: persons } });
  }
}

/** Where a page begins says nothing that the page before did not. */
function placeIn(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (cursor === '' || Buffer.from(text).toString('base64url') !== cursor || text.includes('\0'))
    throw malformed('cursor', '?cursor', 'Cursoren er ikke en, der er givet her.');
  return text;
}

function read(value: unknown): Said {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('type', '', 'Skal være et objekt med tilfoej og fjern.');
  for (const name of Object.keys(value))
    if (!MEMBERS.has(name)) throw malformed('ukendt', '', 'Kan kun have tilfoej og fjern.');
  return value;
}
