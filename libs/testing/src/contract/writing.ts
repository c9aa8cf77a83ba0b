import { randomUUID } from 'node:crypto';
import type { Item, Registered } from './body';
import { type Contract, jsonOf, kodeOf, problemOf } from './contract';

const items = (facets: Record<string, Item[]>) =>
  Object.fromEntries(
    Object.entries(facets).map(([facet, list]) => [
      facet,
      expect.arrayContaining(list.map((item) => expect.objectContaining(item))) as unknown,
    ]),
  );

const EPOCH = '1900-01-01T00:00:00Z';

/** Opret, læs, importer, passiver, slet (contract §3). */
export function writing(contract: Contract): void {
  const { type } = contract;

  test('opret: 201 with address, tag and the object as it was told', async () => {
    const body = await contract.body();
    const answer = await contract.send('POST', contract.at(), {
      body: { ...body, note: 'Oprettet i en prøve' },
    });
    expect(answer.status).toBe(201);
    const object = jsonOf(answer);
    expect(object).toMatchObject({
      objekttype: type.name,
      ejer: '12345678',
      registrering: { nummer: 1, til: null, livscyklus: 'Opstaaet', note: 'Oprettet i en prøve' },
      attributter: items(body.attributter),
      tilstande: items(body.tilstande),
      relationer: items(body.relationer),
    });
    expect(answer.headers).toMatchObject({ etag: '"1"', location: contract.at(object.uuid) });
    const read = await contract.send('GET', answer.headers['location']!);
    expect([read.status, read.headers['etag'], jsonOf(read)]).toEqual([200, '"1"', object]);
  });

  test('what is not declared, or is the server’s to say, is 400 with a pointer', async () => {
    const [section, facets] = Object.entries(await contract.body()).find(
      ([, list]) => Object.keys(list).length > 0,
    )!;
    const [facet, [item]] = Object.entries(facets)[0]!;
    const body = {
      ...(await contract.body()),
      [section]: { ...facets, [facet]: [{ ...item, uopfundet: 1 }], uopfundet: [] },
      ejer: '87654321',
      registrering: { nummer: 7 },
    };
    const answer = await contract.send('POST', contract.at(), { body });
    expect([answer.status, answer.headers['content-type']]).toEqual([
      400,
      expect.stringContaining('application/problem+json'),
    ]);
    const { fejl } = jsonOf<{ fejl: { sti: string; kode: string }[] }>(answer);
    expect(fejl.map(({ sti, kode }) => [sti, kode]).sort()).toEqual(
      [`/${section}/${facet}/0/uopfundet`, `/${section}/uopfundet`, '/ejer', '/registrering']
        .map((sti) => [sti, 'ukendt'])
        .sort(),
    );
  });

  test('what the type requires is missed, in an opret and in a ret', async () => {
    const required = [
      ...Object.entries(type.attributes).map(([facet, group]) => ['attributter', facet, group] as const),
      ...Object.entries(type.relations).map(([facet, relation]) => ['relationer', facet, relation] as const),
    ].filter(([, , { required }]) => required);
    for (const [section, facet] of required) {
      const body = await contract.body();
      const without = { ...body, [section]: { ...body[section], [facet]: undefined } };
      const answer = await contract.send('POST', contract.at(), { body: without });
      expect([answer.status, JSON.stringify(jsonOf(answer))]).toEqual([
        400,
        expect.stringContaining(`"/${section}/${facet}"`),
      ]);
      if (contract.bound.includes(facet)) continue;
      const { uuid, object } = await contract.make();
      const slut = { virkning: { fra: EPOCH }, slut: true };
      const ended = await contract.patch(uuid, 1, { [section]: { [facet]: [slut] } });
      expect([ended.status, kodeOf(ended)]).toEqual([422, 'paakraevet']);
      expect(jsonOf(await contract.send('GET', contract.at(uuid)))).toEqual(object);
    }
  });

  test('a period that ends before it begins is 422, and nothing is made', async () => {
    const { uuid } = await contract.make();
    const change = JSON.stringify(await contract.change()).replace(
      '"virkning":{"fra":"2030-01-01T00:00:00Z"}',
      '"virkning":{"fra":"2030-01-01T00:00:00Z","til":"2030-01-01T00:00:00Z"}',
    );
    const answer = await contract.patch(uuid, 1, change);
    expect([answer.status, kodeOf(answer)]).toEqual([422, 'periode']);
    expect((await contract.send('GET', contract.at(uuid))).headers['etag']).toBe('"1"');
  });

  test('ret: without If-Match 428, with a stale one 412, of two at once one', async () => {
    const { uuid } = await contract.make();
    const body = await contract.change();
    expect((await contract.send('PATCH', contract.at(uuid), { body })).status).toBe(428);
    const others = [await contract.change(), await contract.change()];
    const both = await Promise.all(others.map((other) => contract.patch(uuid, 1, other)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect((await contract.patch(uuid, 1, body)).status).toBe(412);
    expect((await contract.patch(uuid, 2, body)).headers['etag']).toBe('"3"');
  });

  test('ret and importer that change nothing make no registration: uaendret', async () => {
    const { uuid, body } = await contract.make();
    for (const method of ['PATCH', 'PUT']) {
      const answer = await contract.send(method, contract.at(uuid), { body, headers: { 'if-match': '"1"' } });
      expect(answer).toMatchObject({
        status: 200,
        headers: { etag: '"1"', 'preference-applied': 'uaendret' },
      });
    }
    const history = await contract.send('GET', contract.at(uuid, 'registreringer'));
    expect(jsonOf<{ data: unknown[] }>(history).data).toHaveLength(1);
  });

  test('importer: 201 new, 428 and 412 on a live object, 200 changed', async () => {
    const uuid = randomUUID();
    const body = await contract.body();
    const put = async (match?: string) =>
      contract.send('PUT', contract.at(uuid), {
        body: match === undefined ? body : await contract.another(body),
        headers: { 'if-match': match },
      });
    const first = await put();
    expect([first.status, jsonOf(first).uuid, jsonOf(first).registrering.livscyklus]).toEqual([
      201,
      uuid,
      'Importeret',
    ]);
    expect((await put()).status).toBe(428);
    expect((await put('"2"')).status).toBe(412);
    const changed = await put('"1"');
    expect([changed.status, changed.headers['etag'], changed.headers['preference-applied']]).toEqual([
      200,
      '"2"',
      undefined,
    ]);
  });

  test('passiver: out of reads and searches, 409 to a ret, and revived by importer', async () => {
    const { uuid, body } = await contract.make();
    const passivate = (match?: string) =>
      contract.send('POST', contract.at(uuid, 'passiver'), {
        body: { note: 'Ikke i brug' },
        headers: { 'if-match': match },
      });
    expect((await passivate()).status).toBe(428);
    const answer = await passivate('"1"');
    expect([answer.status, answer.headers['etag']]).toEqual([200, '"2"']);
    expect(jsonOf(answer).registrering).toMatchObject({ livscyklus: 'Passiveret', note: 'Ikke i brug' });
    await expectGone(contract, uuid);
    const late = await contract.patch(uuid, 2, await contract.change());
    expect([late.status, kodeOf(late)]).toEqual([409, 'livscyklus']);
    const revived = await contract.send('PUT', contract.at(uuid), { body });
    expect([revived.status, jsonOf(revived).registrering.livscyklus]).toEqual([200, 'Importeret']);
    expect((await contract.send('GET', contract.at(uuid))).headers['etag']).toBe('"3"');
  });

  test(`slet: ${type.deletion === 'physical' ? 'nothing is left' : 'hidden, and its history stays'}`, async () => {
    const { uuid, object } = await contract.make();
    const was = object.registrering.fra;
    const remove = (match?: string) =>
      contract.send('DELETE', contract.at(uuid), { headers: { 'if-match': match } });
    expect((await remove()).status).toBe(428);
    expect(await remove('"1"')).toMatchObject({ status: 204, text: '' });
    await expectGone(contract, uuid);
    const former = await contract.send('GET', `${contract.at(uuid)}?registreringstid=${was}`);
    const history = await contract.send('GET', contract.at(uuid, 'registreringer'));
    if (type.deletion === 'logical') {
      expect([former.status, jsonOf<Registered>(former).uuid]).toEqual([200, uuid]);
      expect(
        jsonOf<{ data: { livscyklus: string }[] }>(history).data.map(({ livscyklus }) => livscyklus),
      ).toEqual(['Slettet', 'Opstaaet']);
    } else {
      expect([former.status, (await remove('"2"')).status]).toEqual([404, 404]);
      expect(jsonOf<{ data: object[] }>(history).data).toEqual([
        expect.objectContaining({ nummer: 2, livscyklus: 'Slettet' }),
      ]);
      const facts = await contract.service.database.run(
        { owner: '12345678' },
        { name: 'spec-left', text: 'select from fact where object_id = $1::uuid', values: [uuid] },
      );
      expect(facts.count).toBe(0);
    }
  });
}

/** To a plain read and to a search it is as if it had never been. */
async function expectGone(contract: Contract, uuid: string): Promise<void> {
  const read = await contract.send('GET', contract.at(uuid));
  const nobody = await contract.send('GET', contract.at(randomUUID()));
  expect([read.status, problemOf(read)]).toEqual([404, problemOf(nobody)]);
  const found = await contract.send('GET', `${contract.at()}?uuid=${uuid}&virkning=alle`);
  expect(jsonOf<{ data: unknown[] }>(found).data).toEqual([]);
  const many = await contract.send('POST', contract.at('laes'), { body: { uuid: [uuid] } });
  expect(jsonOf<{ data: unknown[] }>(many).data).toEqual([]);
}
