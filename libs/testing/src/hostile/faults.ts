import fc from 'fast-check';
import type { Attempt } from './attempt';
import type { Parameter } from './document';

type Change = (attempt: Attempt) => Attempt;

const INSTANTS = [
  '',
  'nu',
  '2026-02-30T00:00:00Z',
  '2026-01-01',
  '2026-01-01T24:00:00Z',
  '2026-01-01T00:00:00',
  '-infinity',
];
const UUIDS = [
  'x',
  '%00',
  '%ff',
  '..%2f..',
  '%7Bx%7D',
  '00000000-0000-0000-0000-000000000000',
  "1'--",
  '%F0%9F%98%80',
];
/** By what the schema says it takes. */
function misfits({ schema, required }: Parameter): string[] {
  const { type, format, minimum, maximum } = schema as {
    type?: string;
    format?: string;
    minimum?: number;
    maximum?: number;
  };
  if (format === 'date-time') return INSTANTS.map(encodeURIComponent);
  if (format === 'uuid') return UUIDS;
  if ('enum' in schema) return ['', 'x', 'null'];
  if (type === 'boolean') return ['', 'ja', 'TRUE', '1', 'null'];
  if (type === 'integer')
    return [
      '',
      'x',
      '1.5',
      '1e2',
      '0x1',
      '%2B1',
      ' 1',
      '١',
      '99999999999999999999',
      ...(minimum === undefined ? [] : [String(minimum - 1)]),
      ...(maximum === undefined ? [] : [String(maximum + 1)]),
    ].map((text) => (text.startsWith('%') ? text : encodeURIComponent(text)));
  return required ? [] : ['%ff', '%00', '%zz'];
}

const HEADERS: Readonly<Record<string, readonly string[]>> = {
  'If-Match': ['W/"1"', '*', '1', '"1", "2"', '""', '"1\'--"'],
  'Idempotency-Key': ['x', '""', '00000000-0000-0000-0000-000000000000', "';--"],
  'x-TransaktionsId': ['x', '1', "';--", `${'a'.repeat(5000)}`],
};

const fault =
  (what: string, change: Change): Change =>
  (attempt) => ({ ...change(attempt), fault: { what } });
const asked = (attempt: Attempt, name: string, value: string): Attempt => ({
  ...attempt,
  query: [...attempt.query.filter(([each]) => each !== name), [name, value]],
});

/** Every way to get one operation's request wrong outside the content of its body. */
function faultsOf({ operation }: Attempt): Change[] {
  const { parameters, body } = operation;
  const inQuery = parameters.filter((each) => each.in === 'query');
  return [
    ...[
      ['uopfundet', '1'],
      ['a[b]', 'c'],
      ['__proto__', 'x'],
      ['%00', 'x'],
      ['%ff', 'x'],
      ["'", 'x'],
    ].map(([name = '', value = '']) => fault(`?${name}`, (attempt) => asked(attempt, name, value))),
    fault('a thousand parameters', (attempt) => ({
      ...attempt,
      query: Array.from({ length: 1000 }, (_, n) => [`p${n}`, ''] as const),
    })),
    ...inQuery.flatMap((parameter) => {
      const { name } = parameter;
      return [
        ...misfits(parameter).map((value) =>
          fault(`?${name}=${value}`, (attempt) => asked(attempt, name, value)),
        ),
        fault(`${name} twice`, (attempt) => ({
          ...attempt,
          query: [...attempt.query, [name, '1'], [name, '1']] as const,
        })),
      ];
    }),
    ...inQuery
      .filter(({ required }) => required)
      .map(({ name }) =>
        fault(`no ${name}`, (attempt) => ({
          ...attempt,
          query: attempt.query.filter(([each]) => each !== name),
        })),
      ),
    ...parameters
      .filter((each) => each.in === 'path')
      .flatMap((parameter) =>
        misfits(parameter)
          .filter((value) => value !== '')
          .map((value) =>
            fault(`/${value}`, (attempt) => ({
              ...attempt,
              path: { ...attempt.path, [parameter.name]: value },
            })),
          ),
      ),
    ...parameters
      .filter((each) => each.in === 'header')
      .flatMap(({ name }) =>
        (HEADERS[name] ?? []).map((value) =>
          fault(`${name}: ${value}`, (attempt) => ({
            ...attempt,
            matches: name === 'If-Match' ? false : attempt.matches,
            headers: { ...attempt.headers, [name]: value },
          })),
        ),
      ),
    ...(body ? contentFaults(body.required, Object.keys(body.content)) : []),
  ];
}

function contentFaults(required: boolean, types: readonly string[]): Change[] {
  const wrong = [
    'text/plain',
    'application/jsonx',
    'application/json; charset=utf-16',
    'multipart/form-data',
    '*/*',
    'x',
  ];
  const isJson = types.includes('application/json');
  return [
    ...wrong.map((type) => fault(type, (attempt) => ({ ...attempt, type, body: attempt.body || '{}' }))),
    ...['br', 'deflate', 'zstd', 'gzip, gzip', 'x'].map((packing) =>
      fault(packing, (attempt) => ({
        ...attempt,
        type: types[0]!,
        body: attempt.body || '{}',
        headers: { ...attempt.headers, 'content-encoding': packing },
      })),
    ),
    ...(isJson
      ? [
          '{',
          '[',
          'null',
          '[]',
          '"x"',
          '1',
          '{}x',
          '{"a":1,"a":2}',
          '{"__proto__":{}}',
          '{"a":NaN}',
          "{'a':1}",
        ].map((body) => fault(body, (attempt) => ({ ...attempt, type: 'application/json', body })))
      : []),
    ...(isJson && required
      ? [fault('no body', (attempt) => ({ ...attempt, type: types[0]!, body: '' }))]
      : []),
  ];
}

/** A good request with one thing wrong outside the content of its body. */
export const wronged = (valid: fc.Arbitrary<Attempt>): fc.Arbitrary<Attempt> =>
  fc.tuple(valid, fc.nat()).map(([attempt, which]) => {
    const ways = faultsOf(attempt);
    return ways[which % ways.length]!(attempt);
  });
