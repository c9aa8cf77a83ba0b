import { Controller, Get } from '@nestjs/common';
import { type AsOf, type Ask, ObjectStore } from '@stoettesystemer/engine';
import { OrganisationEnhed, OrganisationFunktion } from '@stoettesystemer/model';
import { Asking, At, type Parameters, Query, Route, Uuid } from '@stoettesystemer/server';
import { Disclosure } from './disclosure';
import { MOMENT } from './moment';
import { type Overview, Overviews } from './overviews';
import { PAGE, Paging } from './page';
import { PeopleReader } from './people';
import { leadership, membersInOrder, shownMember, UnitSurroundings } from './unit-page';
import { namedUnit } from './unit-name';

const NAMES = '/medlemmer/data/bruger/navn';
const READS = { verb: 'laes', types: [OrganisationEnhed] } as const;

/** A unit with everything around it, and everybody in it. */
@Controller('v1/organisationenheder')
export class UnitController {
  constructor(
    private readonly overviews: Overviews,
    private readonly disclosure: Disclosure,
    private readonly people: PeopleReader,
    private readonly surroundings: UnitSurroundings,
    private readonly store: ObjectStore,
  ) {}

  @Get(':uuid/overblik')
  @Route({ may: READS, parameters: ['limit', ...MOMENT] })
  async page(@Asking() ask: Ask, @Uuid() uuid: string, @Query() parameters: Parameters, @At() asked: AsOf) {
    const { at, overview, members } = await this.members(ask, uuid, parameters, asked);
    const { view } = overview;
    const { fields } = view.unit(uuid)!;
    const leading = leadership(overview, uuid);
    const users = [...members.data, ...(leading?.leaders ?? [])].flatMap(({ bruger }) => bruger ?? []);
    const over = view.chain(uuid).slice(1).reverse();
    const under = view.unitsUnder(uuid);
    const functions = [...members.data, ...(leading?.leaders ?? [])].map(({ funktion }) => funktion);
    const [people, around] = await Promise.all([
      this.people.of(ask, users, at, NAMES),
      this.surroundings.of(ask, overview, uuid, at),
      this.disclosure.log(ask, 'oversigt', [
        { type: OrganisationEnhed, uuids: [uuid, ...over, ...under.map(([each]) => each)] },
        { type: OrganisationFunktion, uuids: functions },
      ]),
    ]);
    return {
      enhed: { uuid, ...fields },
      over: over.map((each) => namedUnit(view, each)),
      under: under.map(([each]) => ({ ...namedUnit(view, each), antalMedlemmer: view.peopleIn(each) })),
      ledelse: leading && {
        enhed: namedUnit(view, leading.unit),
        egen: leading.unit === uuid,
        ledere: leading.leaders.map(shownMember(overview, leading.unit, people)),
      },
      antalMedlemmer: view.peopleIn(uuid),
      medlemmer: { data: members.data.map(shownMember(overview, uuid, people)), naeste: members.naeste },
      ...around,
      advarsler: people.advarsler,
    };
  }

  @Get(':uuid/medlemmer')
  @Route({ may: READS, parameters: [...PAGE, ...MOMENT] })
  async more(@Asking() ask: Ask, @Uuid() uuid: string, @Query() parameters: Parameters, @At() asked: AsOf) {
    const { at, overview, members } = await this.members(ask, uuid, parameters, asked);
    const users = members.data.flatMap(({ bruger }) => bruger ?? []);
    const [people] = await Promise.all([
      this.people.of(ask, users, at, '/data/bruger/navn'),
      this.disclosure.log(ask, 'oversigt', [
        { type: OrganisationFunktion, uuids: members.data.map(({ funktion }) => funktion) },
      ]),
    ]);
    return {
      data: members.data.map(shownMember(overview, uuid, people)),
      naeste: members.naeste,
      advarsler: people.advarsler,
    };
  }

  private async members(ask: Ask, uuid: string, parameters: Parameters, asked: AsOf) {
    const { secret } = this.store.options;
    const { at, page } = new Paging(secret, ask, ['medlemmer', uuid], parameters).begin(asked);
    const overview: Overview = await this.overviews.around(ask, at[0]!, uuid);
    return { at: at[0]!, overview, members: page(membersInOrder(overview, uuid)) };
  }
}
