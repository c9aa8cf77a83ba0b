import { isUuid } from '@stoettesystemer/object';
import { bodyOf, historyLineOf, KINDS, markOf, uuidOf } from './made-up-thing';

const numbers = [0, 1, 77, 99_999, 2_000_000_000, 2_147_483_648, 2_300_000_031, 4_294_967_295];

it('gives every thing a UUID of its own, the same each time', () => {
  const uuids = [...numbers, ...Array.from({ length: 20_000 }, (_, n) => n + 1000)].map(uuidOf);
  expect(new Set(uuids).size).toBe(uuids.length);
  expect(uuids.every((uuid) => isUuid(uuid) && uuid.length === 36)).toBe(true);
  expect(numbers.map(uuidOf)).toEqual(uuids.slice(0, numbers.length));
});

it('makes as many facts as asked', () => {
  const { attributter, tilstande, relationer } = bodyOf(5, 20);
  const lists = [attributter, tilstande, relationer].flatMap((section) => Object.values(section ?? {}));
  expect(lists.flat()).toHaveLength(20);
});

// What the hand-written SQL relies on.
it('lets things of one kind differ in their mark alone', () => {
  const [one, other] = [bodyOf(3, 6), bodyOf(3 + KINDS, 6)].map((body) => JSON.stringify(body));
  expect(one).not.toBe(other);
  expect(one?.replaceAll(markOf(3), markOf(3 + KINDS))).toBe(other);
});

it('registers a thing as often as asked, each time later and with another title', () => {
  const { registreringer } = JSON.parse(historyLineOf(1, 50)) as {
    registreringer: { fra: string; attributter: { egenskaber: { titel: string }[] } }[];
  };
  const times = registreringer.map(({ fra }) => fra);
  expect(times).toEqual([...times].sort());
  expect(new Set(registreringer.map(({ attributter }) => attributter.egenskaber[0]?.titel)).size).toBe(50);
});
