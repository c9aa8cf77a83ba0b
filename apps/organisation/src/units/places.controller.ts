import { createHash } from 'node:crypto';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { allows, type Caller } from '@stoettesystemer/access';
import type { Ask } from '@stoettesystemer/engine';
import { OrganisationEnhed } from '@stoettesystemer/model';
import { formatInstant } from '@stoettesystemer/object';
import { Asking, give, isKnown, Route } from '@stoettesystemer/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RegisteredUnits } from './registered-units';

const ROUTE = { may: { verb: 'laes', types: [OrganisationEnhed] } } as const;

/** A tag of digits, as all of ours are. */
const tagOf = (body: string): string => `"${createHash('sha256').update(body).digest().readBigUInt64BE(0)}"`;

const maySee = (caller: Caller, unit: string): boolean =>
  allows(caller, OrganisationEnhed, 'laes', {
    owner: caller.owner,
    scopes: [{ fra: 0, til: null, orgenhed: unit }],
  });

/**
 * Where each unit is in its municipality's tree: all that another service needs to know what lies under a unit that a
 * role is restricted to (A8). One document, because a tree in pages could be of two trees; it holds no names.
 */
@Controller('v1/enhedsplaceringer')
export class PlacesController {
  constructor(private readonly units: RegisteredUnits) {}

  @Get()
  @Route(ROUTE)
  async places(@Asking() { caller }: Ask, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { places, until } = await this.units.at(caller.owner);
    const body = JSON.stringify({
      gyldigTil: until === null ? null : formatInstant(until),
      enheder: places
        .filter(({ unit }) => maySee(caller, unit))
        .map(({ unit, parent }) => ({ uuid: unit, overordnet: parent })),
    });
    const etag = tagOf(body);
    const headers = { 'cache-control': 'private, no-cache', ETag: etag };
    give(
      reply,
      isKnown(request, etag) ? { status: 304, headers, body: null } : { status: 200, headers, body },
    );
  }
}
