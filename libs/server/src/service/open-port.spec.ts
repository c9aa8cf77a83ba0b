import { request } from 'node:http';
import { Boeje, Skib } from '../spec/made-up';
import { running, type Running, ship } from '../spec/running';
import { createService } from './create-service';
import { openLog } from '../log';
import { Metrics, serveMetrics } from './metrics';
import { openPort } from './open-port';

let service: Running;
beforeEach(async () => {
  service = await running();
});
afterEach(() => service.close());

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((go) => setTimeout(go, 10));
};

test('stops in order: long polls end, what is under way is finished, newcomers are told to come again', async () => {
  const poll = service.send('/havn/v1/haendelser?efter=0&vent=25&type=Boeje');
  const token = await service.token();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' };
  const slow = request({
    port: service.port,
    path: '/havn/v1/import',
    method: 'POST',
    headers,
    agent: false,
  });
  let text = '';
  const finished = new Promise<string>((resolve, reject) => {
    slow.on('response', (answer) =>
      answer.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text)),
    );
    slow.on('error', reject);
  });
  slow.write(`${JSON.stringify({ objekttype: 'Skib', ...ship() })}\n`);
  await until(() => text.includes('201'));
  const closed = service.stop();
  const [ended, ready, alive, newcomer] = await Promise.all([
    poll,
    service.send('/havn/sundhed/klar'),
    service.send('/havn/sundhed/liv'),
    service.send('/havn/v1/skibe'),
  ]);
  expect([ended.status, ended.json]).toEqual([200, []]);
  expect([ready.status, alive.status, newcomer.status]).toEqual([503, 200, 503]);
  expect(ready.json).toMatchObject({ status: 'ikke_klar', dele: { tjeneste: 'nede' } });
  expect(newcomer.headers).toMatchObject({ 'retry-after': '2', connection: 'close' });
  slow.end(`${JSON.stringify({ objekttype: 'Skib', ...ship() })}\n`);
  expect((await finished).trim().split('\n')).toHaveLength(3);
  await closed;
  await expect(service.send('/havn/sundhed/liv')).rejects.toThrow('ECONNREFUSED');
});

test('while the database is away: 503 with Retry-After, not ready, alive; and it comes back by itself', async () => {
  await service.breakDatabase();
  const [read, written, ready, alive] = [
    await service.send('/havn/v1/skibe'),
    await service.send('/havn/v1/skibe', { method: 'POST', body: ship() }),
    await service.send('/havn/sundhed/klar'),
    await service.send('/havn/sundhed/liv'),
  ];
  expect([read.status, written.status, ready.status, alive.status]).toEqual([503, 503, 503, 200]);
  expect(read.headers['retry-after']).toBe('2');
  expect(ready.json).toMatchObject({ status: 'ikke_klar', dele: { database: 'nede', tjeneste: 'oppe' } });
  await service.mendDatabase();
  expect((await service.send('/havn/v1/skibe', { method: 'POST', body: ship() })).status).toBe(201);
  expect((await service.send('/havn/sundhed/klar')).status).toBe(200);
});

test('two services on one port know nothing of each other; what is nobody’s is 404 or the fallback’s', async () => {
  const other = await running({ prefix: 'fjord', types: [Boeje] });
  const port = await openPort([service.service, other.service], 0, (_, response) => response.end('web'));
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port.port}${path}`);
    return [answer.status, await answer.text()] as const;
  };
  const token = await service.token();
  expect((await get('/havn/typer'))[1]).toContain('Skib');
  expect((await get('/fjord/typer'))[1]).not.toContain('Skib');
  expect(await get('/')).toEqual([200, 'web']);
  const wrong = await fetch(`http://127.0.0.1:${port.port}/fjord/v1/boejer`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(wrong.status).toBe(401);
  await port.close();
  await other.close();
});

test('two processes that start at once on an empty database', async () => {
  const { settings } = service;
  const surroundings = { settings, log: openLog('silent'), metrics: new Metrics() };
  const databaseUrl = await service.emptyDatabase();
  const options = { name: 'harbour', prefix: 'havn', types: [Skib] };
  const both = await Promise.all([1, 2].map(() => createService(options, { ...surroundings, databaseUrl })));
  const ports = await Promise.all(both.map((each) => openPort([each], 0)));
  for (const { port } of ports)
    expect((await fetch(`http://127.0.0.1:${port}/havn/sundhed/klar`)).status).toBe(200);
  await Promise.all(ports.map((port) => port.close()));
});

test('metrics are by route, on a port of their own', async () => {
  await service.send('/havn/v1/skibe?titel=hemmelig');
  await until(() => service.log.length > 0);
  const server = await serveMetrics(service.metrics, 0);
  const { port } = server.address() as { port: number };
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(text).toContain(
    'http_request_duration_seconds_count{service="havn",method="GET",route="/havn/v1/skibe",status="200"} 1',
  );
  expect(text).toMatch(/db_connections\{service="havn"\} [1-9]/);
  expect(text).not.toContain('hemmelig');
  expect((await fetch(`http://127.0.0.1:${port}/andet`)).status).toBe(404);
  expect((await service.send('/metrics')).status).toBe(404);
  server.close();
});

test('one who hurries too much is told when to come again', async () => {
  const busy = await running({}, { RATE: '1/3' });
  const answers = await Promise.all(Array.from({ length: 30 }, () => busy.send('/havn/v1/skibe')));
  const refused = answers.filter(({ status }) => status === 429);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(3);
  expect(refused.length).toBeGreaterThan(0);
  for (const answer of refused) {
    expect(answer.headers['retry-after']).toBe('1');
    expect(busy.faults('GET', '/havn/v1/skibe', answer)).toEqual([]);
  }
  const token = await busy.token({ cvr: '87654321' });
  expect((await busy.send('/havn/v1/skibe', { token })).status).toBe(200);
  await busy.close();
});
