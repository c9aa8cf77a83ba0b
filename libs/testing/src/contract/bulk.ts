import { randomUUID } from 'node:crypto';
import { type Contract, jsonOf, kodeOf } from './contract';

const NDJSON = 'application/x-ndjson';
type Line = Record<string, unknown>;

/** Importer mange (contract §5) and Idempotency-Key (§3). */
export function bulk(contract: Contract): void {
  const { type } = contract;
  const line = async (more: object = {}): Promise<Line> => ({
    objekttype: type.name,
    uuid: randomUUID(),
    ...(await contract.body()),
    ...more,
  });
  const load = async (lines: readonly unknown[], query = ''): Promise<Line[]> => {
    const body = lines.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n');
    const path = `/${contract.service.prefix}/v1/import${query}`;
    const answer = await contract.send('POST', path, { body, headers: { 'content-type': NDJSON } });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, expect.stringContaining(NDJSON)]);
    return answer.text
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as Line);
  };
  const read = (uuid: unknown) => contract.send('GET', contract.at(String(uuid)));

  test('import: a bad line stops no other; sent again, nothing is done again', async () => {
    const body = await contract.body();
    const [one, two] = [await line(), await line(body)];
    const bad = await line({ uopfundet: true });
    const lines = [one, bad, '{ "objekttype": ', two];
    const answers = await load(lines);
    expect(answers).toEqual([
      { linje: 1, uuid: one['uuid'], status: 201 },
      {
        linje: 2,
        status: 400,
        fejl: [expect.objectContaining({ sti: '/uopfundet', kode: 'ukendt' })],
        ...uuidOf(answers[1]),
      },
      { linje: 3, status: 400, fejl: expect.arrayContaining([]) as unknown },
      { linje: 4, uuid: two['uuid'], status: 201 },
      { i_alt: 4, oprettet: 2, rettet: 0, uaendret: 0, afvist: 2 },
    ]);
    expect((await read(bad['uuid'])).status).toBe(404);
    expect(jsonOf(await read(one['uuid'])).registrering).toMatchObject({
      nummer: 1,
      livscyklus: 'Importeret',
    });

    const { objekttype, uuid } = two;
    const again = await load([one, { objekttype, uuid, ...(await contract.another(body)) }]);
    expect(again.at(-1)).toEqual({ i_alt: 2, oprettet: 0, rettet: 1, uaendret: 1, afvist: 0 });
    expect((await read(one['uuid'])).headers['etag']).toBe('"1"');
    expect((await read(two['uuid'])).headers['etag']).toBe('"2"');
  });

  test('import with valider=kun says the same and writes nothing', async () => {
    const [good, bad] = [await line(), await line({ uopfundet: true })];
    const answers = await load([good, bad], '?valider=kun');
    expect(answers.map(({ status }) => status)).toEqual([201, 400, undefined]);
    expect((await read(good['uuid'])).status).toBe(404);
  });

  test('import of a full history: each registration as of its own time', async () => {
    const uuid = randomUUID();
    const first = await contract.body();
    const last = await contract.another(first);
    const registreringer = [
      { fra: '2001-01-01T00:00:00Z', livscyklus: 'Opstaaet', ...first },
      { fra: '2002-01-01T00:00:00Z', livscyklus: 'Rettet', note: 'Da det blev rettet', ...last },
    ];
    const [answer] = await load([{ objekttype: type.name, uuid, registreringer }]);
    expect(answer).toEqual({ linje: 1, uuid, status: 201 });
    const at = (time: string) =>
      contract.send('GET', `${contract.at(uuid)}?virkning=alle&registreringstid=${time}`);
    expect((await at('2000-12-31T23:59:59Z')).status).toBe(404);
    const [then, now] = [await at('2001-06-01T00:00:00Z'), await at('2003-01-01T00:00:00Z')].map((each) =>
      jsonOf(each),
    );
    expect([then!.registrering, now!.registrering]).toMatchObject([
      { nummer: 1, fra: '2001-01-01T00:00:00Z', til: '2002-01-01T00:00:00Z' },
      { nummer: 2, fra: '2002-01-01T00:00:00Z', til: null, note: 'Da det blev rettet' },
    ]);
    const [facet] = Object.keys(first.attributter) as [string];
    expect(then!.attributter[facet]).toMatchObject([first.attributter[facet]![0]!]);
    expect(now!.attributter[facet]).toMatchObject([last.attributter[facet]![0]!]);
  });

  test('Idempotency-Key: the same request again is answered alike and does nothing; another is 422', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = await contract.body();
    const post = (each: unknown) => contract.send('POST', contract.at(), { body: each, headers });
    const first = await post(body);
    const again = await post(body);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect([
      again.status,
      again.text,
      again.headers['location'],
      again.headers['idempotent-replayed'],
    ]).toEqual([201, first.text, first.headers['location'], 'true']);
    const other = await post(await contract.body());
    expect([other.status, kodeOf(other)]).toEqual([422, 'idempotens']);
    // What was refused is not remembered.
    const failing = { 'idempotency-key': randomUUID() };
    const send = (each: unknown) => contract.send('POST', contract.at(), { body: each, headers: failing });
    expect((await send({ uopfundet: 1 })).status).toBe(400);
    expect((await send(await contract.body())).status).toBe(201);
  });
}

const uuidOf = (line?: Line): Line => (line && 'uuid' in line ? { uuid: line['uuid'] } : {});
