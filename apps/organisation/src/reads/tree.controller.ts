import { Controller, Get, Res } from '@nestjs/common';
import type { AsOf, Ask } from '@stoettesystemer/engine';
import { OrganisationEnhed } from '@stoettesystemer/model';
import { malformed } from '@stoettesystemer/object';
import { Asking, At, give, integerOf, type Parameters, Query, Route, Uuid } from '@stoettesystemer/server';
import type { FastifyReply } from 'fastify';
import { Disclosure } from './disclosure';
import { MOMENT } from './moment';
import { type Overview, Overviews } from './overviews';
import { type Leaf, type Node, treeNodes, type TreeWish } from './tree-nodes';

export const DEEPEST = 50;
const ROUTE = {
  may: { verb: 'laes', types: [OrganisationEnhed] },
  parameters: ['dybde', 'form', ...MOMENT],
} as const;

function wishOf(parameters: Parameters, root: string | null): TreeWish {
  const { form = 'indlejret' } = parameters;
  if (form !== 'indlejret' && form !== 'flad')
    throw malformed('vaerdi', '?form', 'Skal være indlejret eller flad.');
  return { depth: integerOf(parameters, 'dybde', 1, DEEPEST) ?? DEEPEST, root, flat: form === 'flad' };
}

const leavesOf = ({ view }: Overview): Leaf[] =>
  view.units().map(([uuid, { fields }]) => ({ uuid, ...fields, members: view.peopleIn(uuid) }));

const uuidsOf = (nodes: readonly Node[]): string[] =>
  nodes.flatMap(({ uuid, underordnede = [] }) => [uuid, ...uuidsOf(underordnede)]);

/** The tree of a municipality, or of what is under a unit, at any moment of both times. */
@Controller('v1')
export class TreeController {
  constructor(
    private readonly overviews: Overviews,
    private readonly disclosure: Disclosure,
  ) {}

  @Get('enhedstrae')
  @Route(ROUTE)
  async whole(
    @Asking() ask: Ask,
    @Query() parameters: Parameters,
    @At() at: AsOf,
    @Res() reply: FastifyReply,
  ) {
    const wish = wishOf(parameters, null);
    await this.answer(ask, await this.overviews.of(ask, at), wish, reply);
  }

  @Get('organisationenheder/:uuid/trae')
  @Route(ROUTE)
  async ofUnit(
    @Asking() ask: Ask,
    @Uuid() uuid: string,
    @Query() parameters: Parameters,
    @At() at: AsOf,
    @Res() reply: FastifyReply,
  ) {
    const wish = wishOf(parameters, uuid);
    await this.answer(ask, await this.overviews.around(ask, at, uuid), wish, reply);
  }

  private async answer(ask: Ask, overview: Overview, wish: TreeWish, reply: FastifyReply): Promise<void> {
    const nodes = treeNodes(leavesOf(overview), wish);
    await this.disclosure.log(ask, 'oversigt', [{ type: OrganisationEnhed, uuids: uuidsOf(nodes) }]);
    const headers = { 'cache-control': 'no-store' };
    give(reply, { status: 200, headers, body: JSON.stringify({ enheder: nodes }) });
  }
}
