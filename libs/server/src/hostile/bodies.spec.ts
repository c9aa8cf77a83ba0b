import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { type Got, running, type Running, type Sent, ship } from '../spec/running';
import { stored } from './spec/stored';

let service: Running;
let uuid: string;
beforeAll(async () => {
  service = await running();
  const { json } = await service.send('/havn/v1/skibe', { method: 'POST', body: ship() });
  ({ uuid } = json as { uuid: string });
});
afterAll(() => service.close());

const SHIPS = '/havn/v1/skibe';
/** Every operation that takes JSON. */
const DOORS: readonly (readonly [string, () => string])[] = [
  ['POST', () => SHIPS],
  ['PUT', () => `${SHIPS}/${uuid}`],
  ['PATCH', () => `${SHIPS}/${uuid}`],
  ['DELETE', () => `${SHIPS}/${uuid}`],
  ['POST', () => `${SHIPS}/${uuid}/passiver`],
  ['POST', () => `${SHIPS}/soegninger`],
  ['POST', () => `${SHIPS}/laes`],
];
interface Problem {
  readonly fejl: readonly { readonly sti: string; readonly kode: string; readonly besked: string }[];
}

/** Sends it through every door; nothing may come of it. */
async function everywhere(body: string | Buffer, sent: Sent = {}): Promise<Got[]> {
  const before = await stored(service);
  const answers: Got[] = [];
  for (const [method, path] of DOORS) {
    // Node announces no body of a DELETE by itself.
    const length = sent.headers?.['transfer-encoding'] ? undefined : `${Buffer.byteLength(body)}`;
    const headers = { 'if-match': '"1"', 'content-length': length, ...sent.headers };
    const got = await service.send(path(), { ...sent, method, body, headers });
    expect([method, path(), service.faults(method, path(), got)]).toEqual([method, path(), []]);
    answers.push(got);
  }
  expect(await stored(service)).toBe(before);
  return answers;
}
const statuses = (answers: readonly Got[]) => [...new Set(answers.map(({ status }) => status))];

describe('T41: what is not JSON, or not an object of it', () => {
  test.each([
    ['{'],
    ['{"note":'],
    ['{"note":"x"'],
    ['{"note":"x",}'],
    ['{"note" "x"}'],
    ["{'note':'x'}"],
    ['{note:"x"}'],
    ['{"note":NaN}'],
    ['{"note":Infinity}'],
    ['{"note":undefined}'],
    ['{"note":0x10}'],
    ['{"note":"x"} // c'],
    ['/* c */ {"note":"x"}'],
    ['{"note":"x"}{}'],
    ['{"note":"\\x41"}'],
    ['{"note":"\t"}'],
  ])('%j is 400, and says where', async (body) => {
    for (const { status, json } of await everywhere(body)) {
      const [fault] = (json as Problem).fejl;
      expect([status, fault?.kode]).toEqual([400, 'json']);
      expect(fault?.besked).toMatch(/\(tegn \d+\)/);
    }
  });

  test.each([['null'], ['true'], ['7'], ['"x"'], ['[]'], ['[{}]']])('%s is 400', async (body) => {
    for (const { status, json } of await everywhere(body))
      expect([status, (json as Problem).fejl]).toEqual([
        400,
        [expect.objectContaining({ sti: '', kode: 'type' })],
      ]);
  });

  test('nothing at all is 400 where something is needed', async () => {
    for (const body of ['', ' ', '\n\t'])
      for (const [method, path] of DOORS.slice(0, 3)) {
        const headers = { 'content-type': 'application/json', 'if-match': '"1"' };
        expect((await service.send(path(), { method, body, headers })).status).toBe(400);
      }
  });
});

describe('T45: members that are not what they seem', () => {
  const polluted = () => ({}) as { polluted?: unknown };
  test.each([
    ['{"note":"x","note":"y"}', 'dublet'],
    ['{"note":"x","\\u006eote":"y"}', 'dublet'],
    ['{"cvr":"12345678","cvr":"87654321"}', 'dublet'],
    ['{"__proto__":{"polluted":1}}', 'navn'],
    ['{"\\u005f_proto__":{"polluted":1}}', 'navn'],
    ['{"constructor":{"prototype":{"polluted":1}}}', 'navn'],
    ['{"attributter":{"egenskaber":[{"constructor":{"prototype":{"polluted":1}}}]}}', 'navn'],
    ['{"prototype":{"polluted":1}}', 'navn'],
  ])('%s is 400', async (body, kode) => {
    for (const { status, json } of await everywhere(body))
      expect([status, (json as Problem).fejl.map((fault) => fault.kode)]).toEqual([400, [kode]]);
    expect(polluted().polluted).toBeUndefined();
  });

  const INHERITED = Object.getOwnPropertyNames(Object.prototype).filter(
    (name) => !['constructor', '__proto__'].includes(name),
  );
  test.each(INHERITED)('%s, which every object has, is a member that nobody declared', async (name) => {
    const { virkning, ...papers } = ship().attributter.egenskaber[0]!;
    const bodies: unknown[] = [
      { ...ship(), [name]: 'x' },
      { attributter: { ...ship().attributter, [name]: 'x' } },
      { attributter: { egenskaber: [{ virkning, ...papers, [name]: 'x' }] } },
      { attributter: { egenskaber: [{ virkning: { ...virkning, [name]: 'x' }, ...papers }] } },
      { ...ship({ vaerft: { uuid, [name]: 'x' } }) },
    ];
    const before = await stored(service);
    for (const body of bodies) {
      const got = await service.send(SHIPS, { method: 'POST', body });
      expect([got.status, (got.json as Problem).fejl]).toEqual([
        400,
        [
          expect.objectContaining({
            kode: 'ukendt',
            sti: expect.stringMatching(new RegExp(`/${name}$`)) as string,
          }),
        ],
      ]);
    }
    expect(await stored(service)).toBe(before);
  });

  test('in a line of an import, they spoil that line', async () => {
    const whole = JSON.stringify({ objekttype: 'Skib', ...ship() });
    const lines = [
      whole.replace('{', '{"__proto__":{"polluted":1},'),
      whole.replace('{', '{"objekttype":"Boeje",'),
      whole.replace('{', '{"hasOwnProperty":"x",'),
      whole,
    ];
    const { text } = await service.send('/havn/v1/import', {
      method: 'POST',
      body: lines.join('\n'),
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { status?: number });
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 201, undefined]);
    expect(polluted().polluted).toBeUndefined();
  });
});

describe('T43: too much', () => {
  const MIB = 2 ** 20;
  const over = `{"note":"${'x'.repeat(MIB + 1 - 11)}"}`;

  test('a byte more than 1 MiB is 413 through every door, announced or not, packed or not', async () => {
    expect(Buffer.byteLength(over)).toBe(MIB + 1);
    expect(statuses(await everywhere(over))).toEqual([413]);
    expect(statuses(await everywhere(over, { headers: { 'transfer-encoding': 'chunked' } }))).toEqual([413]);
    expect(statuses(await everywhere(gzipSync(over), { headers: { 'content-encoding': 'gzip' } }))).toEqual([
      413,
    ]);
    expect(statuses(await everywhere(over.replace('x', '')))).toEqual([400]);
  });

  /** Sends pieces as fast as they are taken, holding none of them; the status, or null when it is hung up on first. */
  const stream = async (path: string, type: string, packed: boolean, pieces: Iterable<Buffer>) => {
    const token = await service.token();
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': type,
      ...(packed ? { 'content-encoding': 'gzip' } : {}),
    };
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      const asked = request({ port: service.port, path, method: 'POST', headers, agent: false }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('close', () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      // It is hung up on while it still writes: what was answered before that is what counts.
      pipeline(Readable.from(pieces), asked, (cause) => {
        if (cause && !['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(cause.code ?? ''))
          reject(cause);
      });
    });
  };
  /** How much more the process holds at the most while the work is done: the server's, and the client's with it. */
  const growthIn = async (work: () => Promise<void>): Promise<number> => {
    const begun = process.memoryUsage().rss;
    let most = begun;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
    try {
      await work();
    } finally {
      clearInterval(watch);
    }
    return (Math.max(most, process.memoryUsage().rss) - begun) / MIB;
  };
  const times = function* (n: number, piece: Buffer): Generator<Buffer> {
    for (let at = 0; at < n; at++) yield piece;
  };

  test('a gigabyte of zeros, packed or not, is not held: 413, and less than 50 MiB more', async () => {
    const zeros = Buffer.alloc(64 * 1024);
    const packed = gzipSync(Buffer.alloc(16 * MIB));
    const once = async () => {
      expect((await stream(SHIPS, 'application/json', true, times(64, packed))).status).toBe(413);
      expect((await stream(SHIPS, 'application/json', false, times(16_384, zeros))).status).toBe(413);
    };
    // What is made once for all, such as compiled code, is not what a request costs.
    await once();
    const growth = await growthIn(async () => {
      for (let at = 0; at < 5; at++) await once();
    });
    expect(growth).toBeLessThan(50);
  });

  test('an import in one endless line holds no more than a line, and the lines after it are read', async () => {
    const packed = [
      ...times(8, gzipSync(Buffer.alloc(16 * MIB, 0x20))),
      ...times(8, gzipSync(Buffer.alloc(16 * MIB, 'x'))),
      gzipSync(`\n${JSON.stringify({ objekttype: 'Skib', ...ship() })}\n`),
    ];
    let text = '';
    const growth = await growthIn(async () => {
      ({ text } = await stream('/havn/v1/import', 'application/x-ndjson', true, packed));
    });
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { status?: number });
    expect(answers.map(({ status }) => status)).toEqual([413, 201, undefined]);
    expect(growth).toBeLessThan(50);
  });

  test('many members, deep nesting and long names are refused without being taken apart', async () => {
    const bodies: [string, string][] = [
      [`{${Array.from({ length: 1001 }, (_, n) => `"m${n}":0`).join()}}`, 'antal'],
      [`{"note":${'['.repeat(33)}${']'.repeat(33)}}`, 'dybde'],
      [`{"note":${'{"a":'.repeat(100_000)}`, 'dybde'],
      ['['.repeat(1_000_000), 'dybde'],
    ];
    for (const [body, kode] of bodies)
      for (const { status, json } of await everywhere(body))
        expect([status, (json as Problem).fejl.map((fault) => fault.kode)]).toEqual([400, [kode]]);
    const long = 'n'.repeat(500_000);
    expect(statuses(await everywhere(`{"${long}":1}`))).toEqual([400]);
  });

  test('a list of more than it may hold is refused whole', async () => {
    const many = Array.from({ length: 501 }, () => randomUUID());
    expect((await service.send(`${SHIPS}/laes`, { method: 'POST', body: { uuid: many } })).status).toBe(400);
    const operands = Array.from({ length: 1001 }, (_, n) => `${n}`);
    const body = { udtryk: { felt: 'titel', iblandt: operands } };
    expect((await service.send(`${SHIPS}/soegninger`, { method: 'POST', body })).status).toBe(400);
  });
});
