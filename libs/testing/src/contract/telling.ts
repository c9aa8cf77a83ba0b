import { Validator } from '@seriousme/openapi-schema-validator';
import { type Contract, jsonOf, kodeOf } from './contract';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

interface Event {
  readonly subject: string;
  readonly sequence: string;
  readonly objekthandling: string;
  readonly data: { readonly dataref: string; readonly nummer: number };
}

/** Events (contract §7), and what the service says of itself (§1). */
export function telling(contract: Contract): void {
  const { type } = contract;
  const feed = () => `/${contract.service.prefix}/v1/haendelser`;
  const state = async () =>
    jsonOf<{ epoke: string; foerste: number; sidste: number }>(
      await contract.send('GET', `${feed()}/tilstand`),
    );
  const eventsOf = async (uuid: string, after: number, count: number, token?: string): Promise<Event[]> => {
    const found: Event[] = [];
    let from = after;
    while (found.length < count) {
      const answer = await contract.send('GET', `${feed()}?efter=${from}&vent=5`, token ? { token } : {});
      expect(answer.headers['content-type']).toContain('application/cloudevents-batch+json');
      const events = jsonOf<Event[]>(answer);
      if (events.length === 0) break;
      found.push(...events.filter(({ subject }) => subject === uuid));
      from = Number(events.at(-1)!.sequence);
    }
    return found;
  };

  test('each registration is one event, with everything of the contract and nothing of the content', async () => {
    const { sidste } = await state();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const created = await contract.send('POST', contract.at(), {
      body: await contract.body(),
      headers: { traceparent },
    });
    const object = jsonOf(created);
    const { uuid } = object;
    const change = await contract.change();
    await contract.patch(uuid, 1, change);
    await contract.patch(uuid, 2, change);
    await contract.send('DELETE', contract.at(uuid), { headers: { 'if-match': '"2"' } });

    const events = await eventsOf(uuid, sidste, 3);
    const { prefix } = contract.service;
    const name = type.name.toLowerCase();
    const facets = [object.attributter, object.tilstande, object.relationer].flatMap(Object.keys).sort();
    const restricted = type.access ? ['opgaveemne', 'foelsomhed'] : [];
    const measured = Object.fromEntries(
      restricted.flatMap((each) => (each in events[0]! ? [[each, expect.any(String)]] : [])),
    ) as object;
    const expected = (handling: string, nummer: number, aendret: unknown, time: unknown, trace: unknown) => ({
      specversion: '1.0',
      id: expect.stringMatching(UUID) as unknown,
      source: `/${prefix}/12345678`,
      type: `dk.stoettesystemerne.${prefix}.${name}.${handling}.v1`,
      subject: uuid,
      time,
      datacontenttype: 'application/json',
      dataschema: expect.stringMatching(/^(urn|https?):/) as unknown,
      sequence: expect.stringMatching(/^\d{20}$/) as unknown,
      beskedtype: expect.stringMatching(UUID) as unknown,
      objekttype: type.name,
      objekthandling: handling,
      ansvarligmyndighed: '12345678',
      ...measured,
      traceparent: trace,
      data: { uuid, nummer, aendret, dataref: contract.at(uuid, 'registreringer', `${nummer}`) },
    });
    const any = expect.any(String) as unknown;
    expect(events).toEqual([
      expected('opstaaet', 1, facets, object.registrering.fra, traceparent),
      expected('rettet', 2, Object.keys(change.attributter!), any, any),
      expected('slettet', 3, expect.any(Array), any, any),
    ]);
    expect(new Set(events.map((event) => (event as unknown as { id: string }).id)).size).toBe(3);
    const positions = events.map(({ sequence }) => Number(sequence));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    if (type.deletion === 'logical') {
      const then = await contract.send('GET', events[0]!.data.dataref);
      expect(jsonOf(then).attributter).toEqual(object.attributter);
    }
  });

  test('positions are dense; a reader of another municipality does not see ours; one without the right is refused', async () => {
    const before = await state();
    const { uuid } = await contract.make();
    await eventsOf(uuid, before.sidste, 1);
    const after = await state();
    expect(after.epoke).toBe(before.epoke);
    expect(after.sidste).toBeGreaterThan(before.sidste);
    const seen = jsonOf<Event[]>(await contract.send('GET', `${feed()}?efter=${before.sidste}&limit=500`));
    expect(seen.map(({ sequence }) => Number(sequence))).toEqual(
      Array.from({ length: after.sidste - before.sidste }, (_, at) => before.sidste + 1 + at),
    );
    const token = await contract.service.token({ cvr: '87654321' });
    const theirs = jsonOf<Event[]>(await contract.send('GET', `${feed()}?efter=${before.sidste}`, { token }));
    expect(theirs.filter(({ subject }) => subject === uuid)).toEqual([]);
    const nobody = await contract.service.tokenWith([`${type.name.toLowerCase()}:skriv`]);
    const refused = await contract.send('GET', feed(), { token: nobody });
    expect([refused.status, kodeOf(refused)]).toEqual([403, 'ingen_rettighed']);
    const lost = await contract.send('GET', `${feed()}?efter=0&epoke=00000000-0000-4000-8000-000000000000`);
    expect([lost.status, kodeOf(lost)]).toEqual([409, 'epoke']);
  });

  if (type.deletion === 'physical')
    test('udenNotifikation: the change has its place in the feed and no event', async () => {
      const before = await state();
      const quiet = await contract.send('POST', `${contract.at()}?udenNotifikation=true`, {
        body: await contract.body(),
      });
      const { uuid } = await contract.make();
      const events = await eventsOf(uuid, before.sidste, 1);
      expect(events).toHaveLength(1);
      expect(await eventsOf(jsonOf(quiet).uuid, before.sidste, 1)).toEqual([]);
      expect((await state()).sidste).toBe(before.sidste + 2);
    });

  test('the OpenAPI document validates and has every operation of the type', async () => {
    const { prefix, document } = contract.service;
    const served = await contract.send('GET', `/${prefix}/openapi.json`, { token: null });
    expect(jsonOf(served)).toEqual(JSON.parse(JSON.stringify(document)));
    const { valid, errors } = await new Validator().validate(jsonOf<Record<string, unknown>>(served));
    expect([valid, errors]).toEqual([true, undefined]);
    const { paths } = jsonOf<{ paths: Record<string, Record<string, unknown>> }>(served);
    const methods = (...rest: string[]) =>
      Object.keys(paths[contract.at(...rest)] ?? {})
        .filter((name) => name !== 'parameters')
        .sort();
    expect([
      methods(),
      methods('{uuid}'),
      methods('{uuid}', 'passiver'),
      methods('{uuid}', 'registreringer'),
      methods('{uuid}', 'registreringer', '{nummer}'),
      methods('soegninger'),
      methods('laes'),
    ]).toEqual([
      ['get', 'post'],
      ['delete', 'get', 'patch', 'put'],
      ['post'],
      ['get'],
      ['get'],
      ['post'],
      ['post'],
    ]);
  });

  test('the type is told of in typer, docs and asyncapi', async () => {
    const { prefix } = contract.service;
    const types = await contract.send('GET', `/${prefix}/typer`, { token: null });
    expect(jsonOf<{ typer: object[] }>(types).typer).toContainEqual(JSON.parse(JSON.stringify(type)));
    expect((await contract.send('GET', `/${prefix}/docs`, { token: null })).text).toContain(type.path);
    expect((await contract.send('GET', `/${prefix}/asyncapi.json`, { token: null })).text).toContain(
      `dk.stoettesystemerne.${prefix}.${type.name.toLowerCase()}.`,
    );
  });
}
