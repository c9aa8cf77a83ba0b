import { Controller, Get } from '@nestjs/common';
import { COMMON_OWNER } from '@stoettesystemer/access';
import { type Ask, type Expression, ObjectStore } from '@stoettesystemer/engine';
import { Delegation, Foederationsaftale, ItSystem, Serviceaftale } from '@stoettesystemer/model';
import { formatInstant, now } from '@stoettesystemer/object';
import { Asking, integerOf, limits, type Parameters, Query, Route } from '@stoettesystemer/server';
import { DAY } from './deadlines';
import { type Ending, Endings, keyOf } from './endings';
import { readCursor, writeCursor } from './radar-cursor';

const USUAL_DAYS = 60;
const MOST_DAYS = 730;

const inJson = ({ slags, uuid, id, navn, ends, system }: Ending) => ({
  slags,
  uuid,
  noegle: id === '' ? null : id,
  navn,
  anvendersystem: system,
  udloeber: formatInstant(ends),
});

/** A municipality's own systems are those that it has registered itself; in the catalogue, all that the caller sees. */
const ownSystems = (owner: string): Expression | null =>
  owner === COMMON_OWNER ? null : { felt: 'organisationCvr', lig: owner };

/** What ends soon: keys and certificates, agreements of both kinds, and delegations. */
@Controller('v1/udloeb')
export class RadarController {
  constructor(
    private readonly endings: Endings,
    private readonly store: ObjectStore,
  ) {}

  @Get()
  @Route({
    may: { verb: 'laes', types: [Serviceaftale, ItSystem, Delegation, Foederationsaftale] },
    parameters: ['inden', 'limit', 'cursor'],
  })
  async soon(@Asking() ask: Ask, @Query() parameters: Parameters) {
    const { caller } = ask;
    const { secret } = this.store.options;
    const days = integerOf(parameters, 'inden', 1, MOST_DAYS) ?? USUAL_DAYS;
    const limit = integerOf(parameters, 'limit', 1, limits.search.most) ?? limits.search.limit;
    const cursor = parameters['cursor'];
    const after = cursor === undefined ? '' : readCursor(secret, caller, days, cursor);
    const moment = now();
    const until = moment + BigInt(days) * DAY;
    const found = await this.endings.find(ask, ownSystems(caller.owner), moment, until);
    const left = found.filter((each) => keyOf(each) > after);
    const shown = left.slice(0, limit);
    const last = left.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map(inJson),
      naeste: last ? writeCursor(secret, caller, days, keyOf(last)) : null,
    };
  }
}
