import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { type Body, jsonOf, Municipality, outcomeOf, to, unit } from './spec/municipality';
import { momentOf, period, SLOTS } from './spec/slots';

let at: Municipality;
beforeAll(async () => {
  at = await Municipality.open();
});
afterAll(() => at.service.close());

const UNITS = 5;
interface Move {
  readonly unit: number;
  /** Null: under nobody. */
  readonly over: number | null;
  readonly from: number;
  readonly to: number;
}
const move: fc.Arbitrary<Move> = fc
  .record({
    unit: fc.nat(UNITS - 1),
    over: fc.option(fc.nat(UNITS - 1), { freq: 6 }),
    from: fc.nat(SLOTS - 1),
    length: fc.integer({ min: 1, max: SLOTS }),
  })
  .map(({ length, ...rest }) => ({ ...rest, to: Math.min(SLOTS, rest.from + length) }));

/** What is over each unit in each slot. */
type Model = readonly (readonly (number | null)[])[];
const NONE: Model = Array.from({ length: UNITS }, () => Array.from({ length: SLOTS }, () => null));
const moved = (model: Model, { unit, over, from, to }: Move): Model =>
  model.map((slots, n) => slots.map((each, slot) => (n === unit && from <= slot && slot < to ? over : each)));
const hasRing = (model: Model): boolean =>
  model.some((slots, start) =>
    slots.some((_, slot) => {
      let place: number | null = start;
      for (let steps = 0; steps <= UNITS && place !== null; steps++) place = model[place]![slot] ?? null;
      return place !== null;
    }),
  );

/** Loose units, which nobody who writes strictly would make. */
async function made(): Promise<string[]> {
  const uuids = Array.from({ length: UNITS }, () => randomUUID());
  for (const uuid of uuids) {
    const path = `organisationenheder/${uuid}`;
    expect((await at.send({ method: 'PUT', path, body: unit() }, false)).status).toBe(201);
  }
  return uuids;
}
const sent = (uuids: readonly string[], { unit: n, over, from, to: end }: Move) => {
  const virkning = period(from, end);
  const overordnet = over === null ? [{ virkning, reference: null }] : to(uuids[over]!, virkning);
  const body = { relationer: { overordnet } } as unknown as Body;
  return at.send({ method: 'PATCH', path: `organisationenheder/${uuids[n]!}`, body }, false);
};
/** As it is registered. */
async function registered(uuids: readonly string[]): Promise<Model> {
  const model: (number | null)[][] = NONE.map((slots) => [...slots]);
  for (let slot = 0; slot < SLOTS; slot++) {
    const path = `/organisation/v1/organisationenheder?uuid=${uuids.join(',')}&virkningstid=${momentOf(slot)}`;
    interface Read {
      readonly uuid: string;
      readonly relationer: {
        readonly overordnet?: readonly { readonly reference: { readonly uuid: string } }[];
      };
    }
    for (const { uuid, relationer } of jsonOf<{ data: Read[] }>(await at.service.send('GET', path)).data) {
      const over = relationer.overordnet ?? [];
      expect(over.length).toBeLessThan(2);
      const [only] = over;
      model[uuids.indexOf(uuid)]![slot] = only ? uuids.indexOf(only.reference.uuid) : null;
    }
  }
  return model;
}

test('one after the other: what makes a ring in any year is refused, all else is taken', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 4, maxLength: 12 }), async (moves) => {
      const uuids = await made();
      let model = NONE;
      for (const each of moves) {
        const next = moved(model, each);
        const expected = hasRing(next) ? [422, 'regel_1_kreds'] : [200];
        expect(outcomeOf(await sent(uuids, each))).toEqual(expected);
        if (!hasRing(next)) model = next;
      }
      expect(await registered(uuids)).toEqual(model);
    }),
    { numRuns: 12 },
  );
});

test('two writers at once: no ring and no two above one, whoever is first', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(
        fc.array(move, { minLength: 3, maxLength: 6 }),
        fc.array(move, { minLength: 3, maxLength: 6 }),
      ),
      async (writers) => {
        const uuids = await made();
        const outcomes = await Promise.all(
          writers.map(async (moves) => {
            const taken: (readonly [Move, number])[] = [];
            for (const each of moves) taken.push([each, (await sent(uuids, each)).status]);
            return taken;
          }),
        );
        // Another may have written the same unit in between: 412. Nothing else is an answer.
        for (const [, status] of outcomes.flat()) expect([200, 412, 422]).toContain(status);
        const model = await registered(uuids);
        expect(hasRing(model)).toBe(false);
        // Some order of what was taken gives what is registered.
        const [one, two] = outcomes.map((each) =>
          each.flatMap(([move, status]) => (status === 200 ? [move] : [])),
        );
        expect(orders(one!, two!, NONE, model)).toBe(true);
      },
    ),
    { numRuns: 12 },
  );
});

/** Whether the moves of two writers, each in its own order, can be laid together to give the model without a ring. */
function orders(one: readonly Move[], two: readonly Move[], model: Model, wanted: Model): boolean {
  if (hasRing(model)) return false;
  if (one.length + two.length === 0) return JSON.stringify(model) === JSON.stringify(wanted);
  return (
    (one.length > 0 && orders(one.slice(1), two, moved(model, one[0]!), wanted)) ||
    (two.length > 0 && orders(one, two.slice(1), moved(model, two[0]!), wanted))
  );
}
