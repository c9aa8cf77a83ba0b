import { randomUUID } from 'node:crypto';
import { formatInstant, parseInstant } from '@stoettesystemer/object';
import { Ting } from '@stoettesystemer/testing';
import fc from 'fast-check';
import type { BulkItem, FormerRegistration, ObjectInput } from '../ask';
import type { ObjectStore } from '../object-store';
import { ask, Kasse, remark } from './birth';
import { type Command, lay } from './model';
import { inputOf, type Item, type Remark, whole } from './model-items';
import { Player } from './player';
import { always } from './test-store';

const KEY = { virkning: always, brugervendtNoegle: 'a' };
const plain: ObjectInput = { attributter: { egenskaber: [KEY] } };
const former = (n: number, livscyklus: string): FormerRegistration => ({
  ...plain,
  fra: formatInstant(parseInstant('2018-01-01T00:00:00Z')! + BigInt(n)),
  livscyklus,
});
const keyed = (item: object): ObjectInput => ({ attributter: { egenskaber: [{ ...KEY, ...item }] } });

/** Lines that cannot be written, and the status that each gets. `isOver`: about an object that is there. */
const WRONG: Readonly<Record<string, { status: number; isOver?: true; line: Partial<BulkItem> }>> = {
  unknownType: { status: 422, line: { type: 'Ukendt' } },
  overlap: { status: 422, line: { input: { attributter: { egenskaber: [KEY, KEY] } } } },
  backwards: { status: 422, line: { input: keyed({ virkning: { ...always, til: always.fra } }) } },
  noTime: { status: 400, line: { input: keyed({ virkning: { fra: 'i går' } }) } },
  unknownFacet: {
    status: 400,
    line: { input: { ...plain, tilstande: { ukendt: [{ virkning: always, vaerdi: 'x' }] } } },
  },
  nothing: { status: 422, line: { input: {} } },
  /** Only the database can tell. */
  unwritable: { status: 422, line: { input: keyed({ titel: '\u0000' }) } },
  otherType: { status: 404, isOver: true, line: {} },
  otherHistory: {
    status: 409,
    isOver: true,
    line: { history: [former(0, 'Opstaaet'), former(1, 'Rettet')] },
  },
  noHistory: { status: 422, line: { history: [] } },
  disorder: { status: 422, line: { history: [former(1, 'Opstaaet'), former(0, 'Rettet')] } },
  future: { status: 422, line: { history: [{ ...former(0, 'Opstaaet'), fra: '2999-01-01T00:00:00Z' }] } },
  unlawful: { status: 409, line: { history: [former(0, 'Slettet'), former(1, 'Rettet')] } },
};

type Line = Remark &
  (
    | { readonly kind: 'known'; readonly which: number; readonly items: Item[] }
    | { readonly kind: 'fresh'; readonly isPhysical: boolean; readonly items: Item[] }
    | { readonly kind: 'wrong'; readonly which: number; readonly how: string }
  );
export interface Lines {
  readonly kind: 'lines';
  readonly lines: Line[];
  readonly validateOnly: boolean;
}

const line: fc.Arbitrary<Line> = fc
  .tuple(
    fc.oneof(
      fc.record({ kind: fc.constant('known' as const), which: fc.nat(3), items: whole }),
      fc.record({ kind: fc.constant('fresh' as const), isPhysical: fc.boolean(), items: whole }),
      fc.record({
        kind: fc.constant('wrong' as const),
        which: fc.nat(3),
        how: fc.constantFrom(...Object.keys(WRONG)),
      }),
    ),
    remark,
  )
  .map(([each, said]) => ({ ...each, ...said }));
export const lines: fc.Arbitrary<Lines> = fc.record({
  kind: fc.constant('lines' as const),
  lines: fc.array(line, { minLength: 1, maxLength: 7 }),
  validateOnly: fc.nat(3).map((n) => n === 0),
});

/** Imports the lines over the players. Answers those that are new. */
export async function importLines(
  stores: readonly ObjectStore[],
  players: readonly Player[],
  { lines: list, validateOnly }: Lines,
): Promise<Player[]> {
  const playerOf = (which: number): Player => players[which % players.length]!;
  const sent = list.map((each, n): BulkItem => {
    if (each.kind === 'known') return playerOf(each.which).line(n, each.items, each);
    if (each.kind === 'fresh')
      return {
        line: n,
        type: (each.isPhysical ? Kasse : Ting).name,
        uuid: randomUUID(),
        input: inputOf(each.items, each),
      };
    const { isOver, line: wrong } = WRONG[each.how]!;
    const over = isOver ? playerOf(each.which) : undefined;
    const other = over?.type === Ting ? Kasse : Ting;
    const type = over && each.how !== 'otherType' ? over.type : other;
    return { line: n, type: type.name, uuid: over?.uuid ?? randomUUID(), input: plain, ...wrong };
  });
  const results = await stores[0]!.bulk(ask(), sent, { validateOnly });
  expect(results.map((each) => each.line)).toEqual(list.map((_, n) => n));
  const made: Player[] = [];
  for (const [n, each] of list.entries()) {
    const { status, outcome, uuid } = results[n]!;
    expect(uuid).toBe(sent[n]!.uuid);
    if (each.kind === 'wrong') {
      expect([each.how, status, outcome]).toEqual([each.how, WRONG[each.how]!.status, 'afvist']);
    } else if (each.kind === 'known') {
      expect(status).toBe(200);
      const command: Command = { ...each, kind: 'bulk', ifMatch: 'none' };
      if (validateOnly) playerOf(each.which).expected(command, outcome);
      else playerOf(each.which).accept(command, outcome);
    } else {
      expect([status, outcome]).toEqual([201, 'oprettet']);
      const { note, tidspunkt } = each;
      const slots = lay(new Map(), each.items, false);
      const first = { number: 1, lifecycle: 'Importeret', slots, note, tidspunkt };
      const type = each.isPhysical ? Kasse : Ting;
      if (!validateOnly) made.push(Player.imported(stores, type, uuid, first));
    }
  }
  const none = sent.filter(
    (_, n) =>
      (list[n]!.kind === 'wrong' && !WRONG[(list[n] as { how: string }).how]!.isOver) ||
      (list[n]!.kind === 'fresh' && validateOnly),
  );
  for (const type of [Ting, Kasse]) {
    const uuids = none.map(({ uuid }) => uuid!);
    const all = { virkning: 'alle', registrering: 'nu' } as const;
    expect(await stores[0]!.readMany(ask(), type, uuids, all)).toEqual([]);
  }
  for (const player of players) await player.compareNow();
  return made;
}
