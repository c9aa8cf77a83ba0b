import { Controller, Get } from '@nestjs/common';
import { type Ask, type Expression, ObjectStore } from '@stoettesystemer/engine';
import { Serviceaftale } from '@stoettesystemer/model';
import { now } from '@stoettesystemer/object';
import { Asking, integerOf, limits, type Parameters, Query, Route, Uuid } from '@stoettesystemer/server';
import { facetsOf } from './command-desk';
import { namesIn, overview } from './overview';
import { Reader, type Registered } from './reader';

const READS = { verb: 'laes', types: [Serviceaftale] } as const;

/** Asked for and not answered: a new agreement, or a new version of one that stands. */
const WAITS: Expression = {
  eller: [
    { felt: 'status', lig: 'Anmodet' },
    {
      og: [
        { felt: 'status', iblandt: ['Godkendt', 'Aktiv', 'Udloebet'] },
        { felt: 'anmodning.version', findes: true },
      ],
    },
  ],
};

function waiting({
  uuid,
  registrering,
  attributter,
  tilstande,
  relationer,
}: Registered<typeof Serviceaftale>) {
  const properties = attributter?.egenskaber?.[0];
  const request = attributter?.anmodning?.[0];
  const status = tilstande?.status?.[0];
  const reference = relationer?.anvendersystem?.[0]?.reference;
  const isNew = status?.vaerdi === 'Anmodet';
  return {
    uuid,
    nummer: registrering.nummer,
    navn: properties?.navn ?? null,
    formaal: properties?.formaal ?? null,
    leverandoerCvr: properties?.leverandoerCvr ?? null,
    anvendersystem: reference && 'uuid' in reference ? reference.uuid : null,
    version: request?.version ?? null,
    nyVersion: !isNew,
    siden: (isNew ? status : request)?.virkning.fra ?? null,
  };
}

/** What the one who signs looks at: the agreement in words, and those that wait for an answer. */
@Controller('v1/serviceaftaler')
export class OverviewController {
  constructor(
    private readonly store: ObjectStore,
    private readonly reader: Reader,
  ) {}

  @Get('ventende')
  @Route({ may: READS, parameters: ['limit', 'cursor'] })
  async waiting(@Asking() ask: Ask, @Query() parameters: Parameters) {
    const { limit: usual, most } = limits.search;
    const limit = integerOf(parameters, 'limit', 1, most) ?? usual;
    const page = { limit, cursor: parameters['cursor'] ?? null };
    const { data, naeste } = await this.reader.page(ask, Serviceaftale, WAITS, page);
    return { data: data.map(waiting), naeste };
  }

  @Get(':uuid/oversigt')
  @Route({ may: READS })
  async inWords(@Asking() ask: Ask, @Uuid() uuid: string) {
    const at = { virkning: 'alle', registrering: 'nu' } as const;
    const { body } = await this.store.read(ask, Serviceaftale, uuid, at);
    const items = facetsOf(body);
    const { restrictions, ...uuids } = namesIn(items);
    const named = await this.reader.catalogue(ask.caller.owner, uuids, restrictions);
    return overview(uuid, items, named, now());
  }
}
