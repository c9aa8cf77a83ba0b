import fc from 'fast-check';
import { openLog, requestLog } from './log';
import { maskPersonNumbers } from './person-number';

function logged(write: (log: ReturnType<typeof openLog>) => void): string[] {
  const lines: string[] = [];
  write(openLog('trace', { write: (line) => void lines.push(line) }));
  return lines;
}

test('an error of PostgreSQL is told by its code and names, never by its words', () => {
  const cause = Object.assign(new Error('duplicate key value violates "x" (2512484916, Vom)'), {
    code: '23505',
    detail: 'Key (navn)=(Kaptajn Vom) already exists',
    where: 'Kaptajn Vom',
    constraint: 'fact_pkey',
    table: 'fact',
  });
  const [line = ''] = logged((log) => log.error({ err: cause }, 'failed'));
  expect(JSON.parse(line)).toMatchObject({
    err: { sqlstate: '23505', constraint: 'fact_pkey', table: 'fact' },
  });
  expect(line).not.toMatch(/Vom|2512484916/);
});

test('what should not have been there is taken out', () => {
  const [line = ''] = logged((log) =>
    log.info({
      authorization: 'Bearer x.y.z',
      headers: { cookie: 'k' },
      request: { dpop: 'p', body: 'b' },
      cpr: '1',
    }),
  );
  expect(line).not.toMatch(/x\.y\.z|"k"|"p"|"b"|"1"/);
});

test('the line of a request says what is to be known of it, and when', () => {
  const request = { method: 'GET', route: '/a/:uuid', status: 200, ms: 0.5, transaction: 'b' };
  const caller = { system: 'a "system"', owner: '12345678' };
  const lines: string[] = [];
  const write = requestLog(openLog('info', { write: (line) => void lines.push(line) }));
  write('info', { ...request, caller });
  write('info', { ...request, caller: null });
  write('debug', { ...request, caller });
  const said = { level: 30, method: 'GET', route: '/a/:uuid', status: 200, ms: 0.5, transaktionsid: 'b' };
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/) as string;
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    { ...said, time, client_id: caller.system, cvr: caller.owner },
    { ...said, time },
  ]);
});

test('a line is one line, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const lines = logged((log) => log.info({ text: `a\r\n${text}` }, `b\n${text}`));
      expect(lines).toHaveLength(1);
      expect(lines[0]!.slice(0, -1)).not.toMatch(/[\r\n]/);
    }),
  );
});

const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
const around = fc.constantFrom('', ' ', '"', ',', ':', '/', '(', 'cpr-nr:', 'æ', '_', '\\n', 'x', '=', '.');

test('a CPR number is hidden wherever it stands', () => {
  fc.assert(
    fc.property(
      around,
      digits(6),
      fc.constantFrom('', '-'),
      digits(4),
      around,
      (before, day, hyphen, serial, after) => {
        const number = `${day}${hyphen}${serial}`;
        expect(maskPersonNumbers(`${before}${number}${after}`)).toBe(`${before}XXXXXX-XXXX${after}`);
      },
    ),
  );
});

test('UUIDs, times and longer numbers are left alone', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.date({ noInvalidDate: true }), digits(13), (uuid, date, stamp) => {
      const line = `{"id":"${uuid}","time":"${date.toISOString()}","stamp":${stamp},"cvr":"12345678"}`;
      expect(maskPersonNumbers(line)).toBe(line);
    }),
  );
});
