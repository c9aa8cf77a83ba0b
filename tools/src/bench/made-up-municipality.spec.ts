import { LARGE, madeUpMunicipality, type MunicipalitySize, parentOf, uuidIn } from './made-up-municipality';

const SMALL: MunicipalitySize = { units: 50, people: 100, functions: 1_000 };
type Items = readonly { readonly reference?: { readonly uuid: string } }[];

it('is the same each time, and every object has a UUID of its own', () => {
  const [one, other] = [[...madeUpMunicipality(SMALL)], [...madeUpMunicipality(SMALL)]];
  expect(one).toEqual(other);
  expect(new Set(one.map(({ uuid }) => uuid)).size).toBe(one.length);
});

it('points at nothing that is not there, but for subjects and types', () => {
  const objects = [...madeUpMunicipality(SMALL)];
  const there = new Set(objects.map(({ uuid }) => uuid));
  const missing = objects.flatMap(({ relationer = {} }) =>
    Object.entries(relationer)
      .filter(([facet]) => !['opgaver', 'enhedstype', 'funktionstype'].includes(facet))
      .flatMap(([, items]) => (items as Items).map(({ reference }) => reference?.uuid ?? ''))
      .filter((uuid) => !there.has(uuid)),
  );
  expect(missing).toEqual([]);
});

it('has one root, from which every unit is reached in a few steps', () => {
  const depthOf = (unit: number): number => {
    const parent = parentOf(unit);
    return parent === null ? 1 : 1 + depthOf(parent);
  };
  const depths = Array.from({ length: LARGE.units }, (_, unit) => depthOf(unit));
  expect([depths.filter((depth) => depth === 1).length, Math.max(...depths)]).toEqual([1, 5]);
  expect(uuidIn('unit', 0)).not.toBe(uuidIn('function', 0));
});
