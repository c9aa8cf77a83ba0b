import fc from 'fast-check';
import type { Client } from 'pg';
import { ObjectStore } from '../object-store';
import { birth, type Birth, remark } from './birth';
import { importLines, type Lines, lines } from './lines';
import type { Command } from './model';
import { DAYS, type Item, items, type Remark, whole } from './model-items';
import { Player, type Point, type Told } from './player';
import { question } from './questions';
import type { TestStore } from './test-store';

export { TYPES } from './birth';

const RELATIONS = ['naboer', 'part', 'overordnet'];
const relational = (facets: readonly string[]): fc.Arbitrary<Item[]> =>
  items(true).map((list) => list.filter(({ facet }) => facets.includes(facet)));
const deed = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('patch' as const), items: items(false) }) },
  {
    weight: 2,
    arbitrary: fc
      .uniqueArray(fc.constantFrom(...RELATIONS), { minLength: 1, maxLength: 2 })
      .chain((facets) =>
        relational(facets).map((list) => ({ kind: 'erstat' as const, facets, items: list })),
      ),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('put' as const), items: whole }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bulk' as const), items: whole }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'passivate' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'remove' as const }) },
);
const ifMatch = fc
  .nat(11)
  .map((n): { ifMatch: Command['ifMatch'] } => ({ ifMatch: n === 0 ? 'stale' : n === 1 ? 'none' : 'held' }));
const command: fc.Arbitrary<Command> = fc
  .tuple(deed, ifMatch, remark)
  .map(([each, held, said]: [object, object, Remark]) => ({ ...each, ...held, ...said }) as Command);

const point: fc.Arbitrary<Point> = fc.record({
  registration: fc.nat(),
  day: fc.nat(DAYS - 1),
  days: fc.nat(DAYS - 1),
  question,
});

/** Objects side by side, commands to any of them, and points at which to look back. */
export const game = fc.tuple(
  fc.array(birth, { minLength: 1, maxLength: 2 }),
  fc.array(
    fc.tuple(fc.nat(5), fc.oneof({ weight: 8, arbitrary: command }, { weight: 1, arbitrary: lines })),
    { maxLength: 10 },
  ),
  fc.array(point, { maxLength: 8 }),
);

/** `owner` is a session that sees the outbox. */
export async function play(
  { store, database }: TestStore,
  owner: Client,
  [births, commands, points]: [Birth[], [number, Command | Lines][], Point[]],
): Promise<void> {
  const stores = [store, new ObjectStore(database, store.options)];
  const players: Player[] = [];
  for (const each of births) players.push(await Player.born(stores, each));
  for (const [which, each] of commands)
    if (each.kind === 'lines') players.push(...(await importLines(stores, players, each)));
    else await players[which % players.length]!.play(each);
  const { rows } = await owner.query<Told & { uuid: string }>(
    `select object_id as uuid, number, action, changed from outbox where object_id = any($1) order by id`,
    [players.map(({ uuid }) => uuid)],
  );
  for (const player of players)
    await player.lookBack(
      points,
      rows.filter(({ uuid }) => uuid === player.uuid),
    );
}
