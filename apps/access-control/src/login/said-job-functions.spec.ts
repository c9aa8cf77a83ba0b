import type { Constraint, PrivilegeGroup } from '../bpp/privilege-list';
import { parameterName, saidJobFunctions } from './said-job-functions';

const TOWN = '12345678';
const ROLE = 'http://eksempelkoebing.test/roles/jobrole/enhed/1';
const UNIT = 'http://sts.kombit.dk/constraints/orgenhed/1';
const typesOf = () =>
  Promise.resolve(
    new Map([
      ['enhed', UNIT],
      ['anden', UNIT],
      ['æ/ø', UNIT],
    ]),
  );

const group = (constraints: readonly Constraint[], rest: Partial<PrivilegeGroup> = {}): PrivilegeGroup => ({
  scope: { kind: 'cvrNumberIdentifier', value: TOWN },
  privileges: [ROLE],
  constraints,
  ...rest,
});
const dynamicOf = async (...constraints: Constraint[]) =>
  (await saidJobFunctions([group(constraints)], TOWN, typesOf))[0]?.dynamic;

test('a parameter is named after the job function’s domain', () => {
  expect(parameterName(ROLE, 'enhed')).toBe('http://eksempelkoebing.test/id-enhed/1/parametric');
});

test.each(['enhed', 'æ/ø'])('a parameter says values of the type that %s is registered with', async (id) => {
  expect(await dynamicOf({ name: parameterName(ROLE, id), values: ['a', 'b'] })).toEqual({
    [UNIT]: ['a', 'b'],
  });
});

test('a type may be named itself, and what is not registered keeps its name', async () => {
  const unknown = parameterName(ROLE, 'ukendt');
  expect(await dynamicOf({ name: UNIT, values: ['a'] }, { name: unknown, values: ['b'] })).toEqual({
    [UNIT]: ['a'],
    [unknown]: ['b'],
  });
});

test('two that say the same of one type say it; two that do not, say nothing', async () => {
  const said = (...values: string[][]) =>
    dynamicOf(
      ...values.map((each, at) => ({
        name: [parameterName(ROLE, 'enhed'), parameterName(ROLE, 'anden'), UNIT][at]!,
        values: each,
      })),
    );
  expect(await said(['a', 'b'], ['b', 'a'])).toEqual({ [UNIT]: ['b', 'a'] });
  expect(await said(['a'], ['b'])).toEqual({});
  expect(await said(['a'], ['b'], ['b'])).toEqual({});
});

test('T27: each privilege of each group is by itself, with what that group says', async () => {
  const groups = [
    group([{ name: UNIT, values: ['a'] }], { privileges: ['r1', 'r2'] }),
    group([{ name: UNIT, values: ['b'] }], { privileges: ['r1'] }),
  ];
  expect(await saidJobFunctions(groups, TOWN, typesOf)).toEqual([
    { scope: TOWN, entityId: 'r1', dynamic: { [UNIT]: ['a'] } },
    { scope: TOWN, entityId: 'r2', dynamic: { [UNIT]: ['a'] } },
    { scope: TOWN, entityId: 'r1', dynamic: { [UNIT]: ['b'] } },
  ]);
});

test('another municipality’s role is kept, and has nothing that the user’s own IdP says', async () => {
  const scope = { kind: 'cvrNumberIdentifier', value: '87654321' } as const;
  expect(await saidJobFunctions([group([{ name: UNIT, values: ['a'] }], { scope })], TOWN, typesOf)).toEqual([
    { scope: '87654321', entityId: ROLE, dynamic: {} },
  ]);
});

test('a scope that is not a CVR number gives nothing', async () => {
  const scope = { kind: 'seNumberIdentifier', value: TOWN } as const;
  expect(await saidJobFunctions([group([], { scope })], TOWN, typesOf)).toEqual([]);
});
