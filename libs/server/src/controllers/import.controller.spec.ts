import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Got, running, type Running, type Sent, ship } from '../spec/running';

let service: Running;
beforeAll(async () => {
  service = await running();
});
afterAll(() => service.close());

const PATH = '/havn/v1/import';
interface LineAnswer {
  readonly linje?: number;
  readonly uuid?: string;
  readonly status?: number;
  readonly fejl?: { readonly sti: string; readonly kode: string; readonly besked: string }[];
  readonly i_alt?: number;
}
const answersOf = ({ text }: Got): LineAnswer[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LineAnswer);
async function importOf(
  body: string | Buffer,
  query = '',
  headers: Sent['headers'] = {},
): Promise<LineAnswer[]> {
  const path = `${PATH}${query}`;
  const got = await service.send(path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  });
  expect(got.status).toBe(200);
  expect(got.headers['content-type']).toBe('application/x-ndjson');
  expect(service.faults('POST', path, got)).toEqual([]);
  return answersOf(got);
}
const line = (over: Record<string, unknown> = {}, more: Record<string, unknown> = {}): string =>
  JSON.stringify({ objekttype: 'Skib', ...ship(over, more) });
const tally = (oprettet: number, rettet: number, uaendret: number, afvist: number) => ({
  i_alt: oprettet + rettet + uaendret + afvist,
  oprettet,
  rettet,
  uaendret,
  afvist,
});
const eventually = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((go) => setTimeout(go, 10));
};

test('a bad line is told of and stops no other', async () => {
  const uuid = randomUUID();
  const lines = [
    line({}, { uuid }),
    '',
    '{"objekttype":',
    JSON.stringify({ objekttype: 'Ubåd' }),
    line({ titel: '' }),
    line({ virkning: { fra: '2026-02-01T00:00:00Z', til: '2026-01-01T00:00:00Z' } }),
    '{"objekttype":"Skib","objekttype":"Skib"}',
    `${line()}\r`,
    '   ',
    line({ titel: 'x'.repeat(2 ** 20) }),
    JSON.stringify({
      objekttype: 'Boeje',
      attributter: { egenskaber: [{ virkning: { fra: '2026-01-01T00:00:00Z' }, nummer: '7' }] },
    }),
  ];
  const latin1 = Buffer.concat([Buffer.from(lines.join('\n')), Buffer.from('\n{"note":"\xe6"}', 'latin1')]);
  const answers = await importOf(latin1);
  expect(
    answers.map(({ linje, status, fejl }) => [linje, status, fejl?.map(({ sti, kode }) => `${sti} ${kode}`)]),
  ).toEqual([
    [1, 201, undefined],
    [3, 400, ['/objekttype json']],
    [4, 400, ['/objekttype objekttype']],
    [5, 400, ['/attributter/egenskaber/0/titel laengde']],
    [6, 422, ['/attributter/egenskaber/0/virkning/til periode']],
    [7, 400, ['/objekttype dublet']],
    [8, 201, undefined],
    [10, 413, [' for_stort']],
    [11, 201, undefined],
    [12, 400, [' tegnsaet']],
    [undefined, undefined, undefined],
  ]);
  expect(answers[0]?.uuid).toBe(uuid);
  expect(answers.at(-1)).toEqual(tally(3, 0, 0, 7));
});

test('the same file again does nothing, a changed one what differs', async () => {
  const uuids = Array.from({ length: 900 }, () => randomUUID());
  const file = (titel: string) =>
    uuids
      .map((uuid, n) => line({ titel: n < 5 ? titel : 'ens', brugervendtNoegle: 'fil' }, { uuid }))
      .join('\n');
  expect((await importOf(file('før'))).at(-1)).toEqual(tally(900, 0, 0, 0));
  expect((await importOf(gzipSync(file('før')), '', { 'content-encoding': 'gzip' })).at(-1)).toEqual(
    tally(0, 0, 900, 0),
  );
  const answers = await importOf(file('efter'));
  expect(answers.at(-1)).toEqual(tally(0, 5, 895, 0));
  expect(answers.slice(0, -1).map(({ linje }) => linje)).toEqual(uuids.map((_, n) => n + 1));
});

test('valider=kun writes nothing', async () => {
  const uuid = randomUUID();
  expect((await importOf(`${line({}, { uuid })}\n${line({ titel: 7 })}`, '?valider=kun')).at(-1)).toEqual(
    tally(1, 0, 0, 1),
  );
  expect((await service.send(`/havn/v1/skibe/${uuid}`)).status).toBe(404);
});

test('a full history is told in order', async () => {
  const uuid = randomUUID();
  const registreringer = [
    { fra: '2020-01-01T00:00:00Z', ...ship({ titel: 'Først' }) },
    { fra: '2021-01-01T00:00:00Z', note: 'omdøbt', ...ship({ titel: 'Siden' }) },
  ];
  const answers = await importOf(JSON.stringify({ objekttype: 'Skib', uuid, registreringer }));
  expect(answers[0]).toMatchObject({ status: 201, uuid });
  const then = await service.send(`/havn/v1/skibe/${uuid}?registreringstid=2020-06-01T00:00:00Z`);
  expect(then.json).toMatchObject({
    registrering: { nummer: 1, fra: '2020-01-01T00:00:00Z', til: '2021-01-01T00:00:00Z' },
  });
});

test('an empty import is a tally of nothing', async () => {
  expect(await importOf('')).toEqual([tally(0, 0, 0, 0)]);
  expect(await importOf('\n\n')).toEqual([tally(0, 0, 0, 0)]);
});

test.each([
  ['?valider=ja', 'application/x-ndjson', 400],
  ['?x=1', 'application/x-ndjson', 400],
  ['', 'application/json', 415],
])('%s with %s is %d', async (query, type, status) => {
  const got = await service.send(`${PATH}${query}`, {
    method: 'POST',
    body: line(),
    headers: { 'content-type': type },
  });
  expect(got.status).toBe(status);
});

/** An import whose lines are sent one by one, and whose answers are read as they come. */
async function openImport() {
  const token = await service.token();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' };
  const asked = request({ port: service.port, path: PATH, method: 'POST', headers, agent: false });
  let text = '';
  let closed = false;
  asked.on('response', (answer) => {
    answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
    answer.on('close', () => (closed = true)).on('error', () => undefined);
  });
  asked.on('error', () => (closed = true));
  asked.flushHeaders();
  return {
    asked,
    text: () => text,
    lines: () => text.split('\n').filter((each) => each !== ''),
    isClosed: () => closed,
  };
}

test('a sender who waits for each answer gets it', async () => {
  const { asked, lines, isClosed } = await openImport();
  for (let n = 1; n <= 3; n++) {
    asked.write(`${line()}\n`);
    await eventually(() => lines().length === n);
  }
  asked.end();
  await eventually(isClosed);
  expect(JSON.parse(lines().at(-1) ?? '')).toEqual(tally(3, 0, 0, 0));
});

test('a sender who leaves half-way leaves whole batches and nothing else', async () => {
  const { asked, lines, isClosed } = await openImport();
  const key = randomUUID().slice(0, 8);
  asked.write(`${line({ brugervendtNoegle: key })}\n${line().slice(0, 40)}`);
  await eventually(() => lines().length === 1);
  asked.destroy();
  await eventually(isClosed);
  const found = await service.send(`/havn/v1/skibe?brugervendtNoegle=${key}&vis=uuid`);
  expect((found.json as { data: string[] }).data).toHaveLength(1);
});

test('where the database goes away the answer does not look whole', async () => {
  const { asked, lines, isClosed } = await openImport();
  asked.write(`${line()}\n`);
  await eventually(() => lines().length === 1);
  await service.breakDatabase();
  asked.write(`${line()}\n`);
  await eventually(isClosed);
  await service.mendDatabase();
  expect(JSON.parse(lines().at(-1) ?? '')).toMatchObject({ status: 503, fejl: [{ kode: 'utilgaengelig' }] });
  expect(lines().some((each) => each.includes('i_alt'))).toBe(false);
});

test('one whose answers are not read is not read from either: no more is held than a few buffers', async () => {
  const token = await service.token();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' };
  const asked = request({ port: service.port, path: PATH, method: 'POST', headers, agent: false });
  asked.on('error', () => undefined);
  const piece = '{}\n'.repeat(20_000);
  const most = 48 * 2 ** 20;
  let sent = 0;
  for (let isStuck = false; sent < most && !isStuck; sent += piece.length)
    if (!asked.write(piece))
      isStuck = await Promise.race([
        new Promise<boolean>((go) => asked.once('drain', () => go(false))),
        new Promise<boolean>((go) => setTimeout(go, 1500, true)),
      ]);
  asked.destroy();
  expect(sent).toBeLessThan(most);
});
