import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { TestDatabase } from '@stoettesystemer/testing';
import { COMMON, makeThing, OTHER, OWN, type Placed, register, type Thing } from './feed-fixture';

/** What R3 promises, of a whole feed. */
export function expectLawful(events: readonly Placed[], committed: ReadonlySet<string>): void {
  expect(events.map(({ pos }) => pos)).toEqual(events.map((_, at) => at + 1));
  expect(new Set(events.map(({ registration }) => registration))).toEqual(committed);
  expect(events).toHaveLength(committed.size);
  const numbers = new Map<string, number>();
  const swapped = events.filter(({ object, number }) => {
    const before = numbers.get(object) ?? 0;
    numbers.set(object, number);
    return number !== before + 1;
  });
  expect(swapped).toEqual([]);
}

/** Sixteen writers with pauses inside their transactions and one rollback in twenty. Answers what was committed. */
export async function storm(
  { database }: TestDatabase,
  things: readonly Thing[],
  commits: number,
): Promise<Set<string>> {
  const committed = new Set<string>();
  let left = commits;
  const writer = async (): Promise<void> => {
    while (left-- > 0) {
      const thing = things[randomInt(things.length)]!;
      const isUndone = randomInt(20) === 0;
      await database
        .transaction({ owner: thing.owner }, async (tx) => {
          const registration = await register(tx, thing);
          if (randomInt(3) === 0) await setTimeout(randomInt(8));
          if (isUndone) throw new Error('undone');
          await tx.finish();
          committed.add(registration);
        })
        .catch((cause: Error) => {
          if (cause.message !== 'undone') throw cause;
          left++;
        });
    }
  };
  await Promise.all(Array.from({ length: 16 }, writer));
  return committed;
}

/** Forty objects of three owners: few enough for the writers to meet. */
export const manyThings = (db: TestDatabase): Promise<Thing[]> =>
  Promise.all(Array.from({ length: 40 }, (_, at) => makeThing(db, { owner: [OWN, OTHER, COMMON][at % 3]! })));
