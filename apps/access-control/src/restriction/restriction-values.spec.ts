import { faultsOf, type RestrictionType } from './restriction-values';
import { isExpression, wholeMatches } from './whole-match';

const of = (rest: Partial<RestrictionType>): RestrictionType => ({
  entityId: 'http://eksempel.dk/constraints/x/1',
  vaerditype: 'TEXT',
  values: [],
  ...rest,
});
const UUID = '6c0ad0a5-4e2c-4c3f-9e0f-0a8f5a0b1c2d';
const list = { values: ['ja', 'nej'] };

test.each<[string, Partial<RestrictionType>, readonly string[]]>([
  ['one of a list', { vaerditype: 'SINGLE', ...list }, ['ja']],
  ['all of a list', { vaerditype: 'SINGLE', ...list }, ['*']],
  ['some of a list', { vaerditype: 'MULTI', ...list }, ['ja', 'nej']],
  ['text without an expression', {}, ['hvad som helst']],
  ['text with one', { regulaertUdtryk: '[a-z]{2}' }, ['ab', 'zz']],
  ['text with an expression that Unicode mode does not read', { regulaertUdtryk: '\\d\\-\\_' }, ['1-_']],
  ['letters outside the basic plane', { regulaertUdtryk: '.' }, ['😀']],
  ['a system', { vaerditype: 'ITSYSTEM' }, [UUID]],
  ['systems', { vaerditype: 'ITSYSTEM_MULTI' }, [UUID, UUID.replace('6c', '7c')]],
  ['KLE', { vaerditype: 'MULTI', dimension: 'kle' }, ['27.*', '27.18.*', '27.18.02']],
  ['KLE as text', { dimension: 'kle', regulaertUdtryk: '27.*' }, ['27.18.02']],
  ['levels', { vaerditype: 'SINGLE', dimension: 'foelsomhed' }, ['FORTROLIGE_PERSONOPLYSNINGER']],
  ['units', { vaerditype: 'MULTI', dimension: 'orgenhed' }, [UUID]],
  ['organisations', { dimension: 'organisation' }, ['12345678']],
])('%s is well', (_, type, values) => expect(faultsOf(of(type), values)).toEqual([]));

test.each<[string, Partial<RestrictionType>, readonly string[], string]>([
  ['nothing', {}, [], 'mindst en'],
  ['all, and then some', {}, ['*', 'x'], 'står alene'],
  ['two of a single', { vaerditype: 'SINGLE', ...list }, ['ja', 'nej'], 'kun være én'],
  ['what is not in the list', { vaerditype: 'MULTI', ...list }, ['ja', 'måske'], 'kan være ja, nej'],
  ['an empty list', { vaerditype: 'MULTI' }, ['ja'], 'listen er tom'],
  ['a part of the text', { regulaertUdtryk: 'ab' }, ['xabx'], 'udtryk ab'],
  ['a part of an alternative', { regulaertUdtryk: 'ab|cd' }, ['abx'], 'udtryk ab|cd'],
  ['an expression that is none', { regulaertUdtryk: 'a)|(b' }, ['a'], 'kan ikke holdes op'],
  ['an expression without end', { regulaertUdtryk: '(a+)+$' }, [`${'a'.repeat(60)}!`], 'kan ikke holdes op'],
  ['a value longer than any', { regulaertUdtryk: 'a*' }, ['a'.repeat(501)], 'passer ikke'],
  ['two systems in one', { vaerditype: 'ITSYSTEM' }, [UUID, UUID], 'kun være én'],
  ['a system by name', { vaerditype: 'ITSYSTEM_MULTI' }, ['KY'], 'UUID'],
  ['a level that is none', { dimension: 'foelsomhed' }, ['HEMMELIG'], 'VIP_SAGER'],
  ['a dimension that is none', { dimension: 'toString' }, ['x'], 'kendes ikke'],
  ...['27', '27.', '2.7', '27.1*', '27.18', '27.18.0*', '27.18.02.*', '*.18', '27.**', ' 27.*'].map(
    (value): [string, Partial<RestrictionType>, readonly string[], string] => [
      `T26: KLE ${value}`,
      { vaerditype: 'MULTI', dimension: 'kle' },
      [value],
      'KLE-nummer',
    ],
  ),
])('%s is not', (_, type, values, rule) => expect(faultsOf(of(type), values).join(' ')).toContain(rule));

test('T46: an expression is tried on values, and reaches nothing else', () => {
  expect(wholeMatches('(?:a|aa)+b', [`${'a'.repeat(200)}`])).toBeNull();
  expect(wholeMatches('a', ['a', 'b'])).toEqual([true, false]);
  expect([isExpression('['), isExpression('a'.repeat(501)), isExpression('[a-z]+')]).toEqual([
    false,
    false,
    true,
  ]);
});
