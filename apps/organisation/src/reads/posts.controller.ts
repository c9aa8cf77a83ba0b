import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { type AsOf, type Ask, ObjectStore, type Query as Search } from '@stoettesystemer/engine';
import { Bruger, OrganisationEnhed, OrganisationFunktion, Person } from '@stoettesystemer/model';
import { malformed, now } from '@stoettesystemer/object';
import {
  AS_OF,
  Asking,
  At,
  Body,
  limits,
  type Parameters,
  Query,
  Route,
  type Taken,
  Uuid,
} from '@stoettesystemer/server';
import { plainly, type PlainObject, textOf } from './named';
import { limitOf, PAGE, written } from './page';
import { PeopleReader } from './people';
import { type PostQuestion, postShape } from './post-shape';
import { type Post as PostOver, postsOf } from './posts';

const READS = { verb: 'laes', types: [OrganisationFunktion] } as const;
const NAMES = '/data/bruger/navn';

interface Wish {
  readonly limit: number;
  readonly cursor: string | null;
}

/** A post is told over time, so that no moment means all of it. */
const overTime = (at: AsOf): AsOf => (at.virkning === 'nu' ? { ...at, virkning: 'alle' } : at);

function isWanted({ from, to }: PostOver, { virkning }: AsOf): boolean {
  if (virkning === 'alle' || virkning === 'nu') return true;
  const [first, after] = 'at' in virkning ? [virkning.at, virkning.at + 1n] : [virkning.from, virkning.to];
  return Number(first) < to && (after === null || from < Number(after));
}

/** The posts that somebody has had, has, and will have. */
@Controller('v1')
export class PostsController {
  constructor(
    private readonly store: ObjectStore,
    private readonly people: PeopleReader,
  ) {}

  @Get('brugere/:uuid/poster')
  @Route({ may: READS, parameters: [...PAGE, ...AS_OF] })
  async ofUser(@Asking() ask: Ask, @Uuid() uuid: string, @Query() parameters: Parameters, @At() at: AsOf) {
    await this.store.read(ask, Bruger, uuid, overTime(at));
    return this.answer(ask, [uuid], at, { limit: limitOf(parameters), cursor: parameters['cursor'] ?? null });
  }

  @Get('personer/:uuid/poster')
  @Route({ may: READS, parameters: [...PAGE, ...AS_OF] })
  async ofPerson(@Asking() ask: Ask, @Uuid() uuid: string, @Query() parameters: Parameters, @At() at: AsOf) {
    await this.store.read(ask, Person, uuid, overTime(at));
    const users = await this.usersOf(ask, [uuid], at);
    return this.answer(ask, users, at, { limit: limitOf(parameters), cursor: parameters['cursor'] ?? null });
  }

  /** What tells who a person is stands in no address. */
  @Post('poster/soegninger')
  @HttpCode(200)
  @Route({ may: READS, searches: true, parameters: AS_OF })
  async find(@Asking() ask: Ask, @At() at: AsOf, @Body(postShape) { value }: Taken<PostQuestion>) {
    const { bruger, person, cprNummer, limit = limits.search.limit, cursor = null } = value;
    if (bruger === undefined && person === undefined && cprNummer === undefined)
      throw malformed('paakraevet', '/bruger', 'Sig netop én af bruger, person og cprNummer.');
    const persons =
      cprNummer === undefined
        ? [person ?? []].flat()
        : await this.all(ask, Person, { felt: 'cprNummer', lig: cprNummer }, at);
    const users = bruger === undefined ? await this.usersOf(ask, persons, at) : [bruger.toLowerCase()];
    return this.answer(ask, users, at, { limit, cursor });
  }

  private async usersOf(ask: Ask, persons: readonly string[], at: AsOf): Promise<string[]> {
    if (persons.length === 0) return [];
    const iblandt = persons.map((uuid) => ({ uuid }));
    return this.all(ask, Bruger, { felt: 'tilknyttedePersoner', iblandt }, at);
  }

  /** UUIDs of all that fit, which are few. */
  private async all(
    ask: Ask,
    type: typeof Person | typeof Bruger,
    udtryk: NonNullable<Search['udtryk']>,
    at: AsOf,
  ): Promise<string[]> {
    const query = {
      udtryk,
      sorter: [],
      vis: 'uuid',
      limit: limits.search.most,
      cursor: null,
      antal: false,
    } as const;
    const { data } = await this.store.search(ask, type, query, overTime(at));
    return data.map((each) => JSON.parse(each) as string);
  }

  private async answer(ask: Ask, users: readonly string[], at: AsOf, { limit, cursor }: Wish) {
    const whole: AsOf = { virkning: 'alle', registrering: at.registrering };
    const query: Search = {
      udtryk: { felt: 'tilknyttedeBrugere', iblandt: users.map((uuid) => ({ uuid })) },
      sorter: [],
      vis: null,
      limit,
      cursor,
      antal: false,
    };
    const { data, naeste } = await this.store.search(ask, OrganisationFunktion, query, whole);
    const functions = data.map((body) => JSON.parse(body) as PlainObject);
    const posts = functions
      .flatMap((each) => postsOf(each, new Set(users)))
      .filter((each) => isWanted(each, at))
      .sort((a, b) => a.from - b.from);
    const present: AsOf = { virkning: { at: now() }, registrering: at.registrering };
    const [people, units] = await Promise.all([
      this.people.of(ask, users, present, NAMES),
      plainly(
        this.store,
        ask,
        OrganisationEnhed,
        posts.flatMap(({ enhed }) => enhed ?? []),
        present,
      ),
    ]);
    return {
      data: posts.map(({ bruger, enhed, from, to, ...post }) => ({
        ...post,
        enhed:
          enhed === null
            ? null
            : {
                uuid: enhed,
                navn: textOf(units.get(enhed), 'enhedNavn'),
                brugervendtNoegle: textOf(units.get(enhed), 'brugervendtNoegle'),
              },
        fra: written(from),
        til: written(to),
        bruger: people.named(bruger),
      })),
      naeste,
      advarsler: people.advarsler,
    };
  }
}
