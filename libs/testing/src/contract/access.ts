import { randomUUID } from 'node:crypto';
import { isPersonal } from '@stoettesystemer/object';
import { type Contract, jsonOf, kodeOf, problemOf } from './contract';
import { within } from './restricted';

const OTHER_TOWN = '87654321';

/** Who may, and what the others are told (contract §§1, 10; A12, A13, O1). */
export function access(contract: Contract): void {
  const { type } = contract;
  const privilege = type.name.toLowerCase();

  test('without a token, or with one that is none: 401', async () => {
    const { uuid } = await contract.make();
    for (const [method, path] of [
      ['GET', contract.at()],
      ['GET', contract.at(uuid)],
      ['DELETE', contract.at(uuid)],
      ['GET', `/${contract.service.prefix}/v1/haendelser`],
    ] as const)
      for (const token of [null, 'x.y.z']) {
        const answer = await contract.send(method, path, { token });
        expect([answer.status, answer.headers['www-authenticate'], kodeOf(answer)]).toEqual([
          401,
          expect.stringContaining('invalid_token'),
          'token',
        ]);
      }
    expect((await contract.send('GET', contract.at(uuid))).status).toBe(200);
  });

  test('an operation that the agreement does not give is 403, each on its own', async () => {
    const { uuid } = await contract.make();
    const body = await contract.body();
    const headers = { 'if-match': '"1"' };
    const operations: Record<string, () => [string, string, object?]> = {
      laes: () => ['GET', contract.at(uuid)],
      historik: () => ['GET', contract.at(uuid, 'registreringer')],
      skriv: () => ['PATCH', contract.at(uuid), { body: {}, headers }],
      importer: () => ['PUT', contract.at(uuid), { body, headers: { 'if-match': '"7"' } }],
      slet: () => ['DELETE', contract.at(uuid), { headers: { 'if-match': '"7"' } }],
    };
    for (const [verb, operation] of Object.entries(operations)) {
      const others = Object.keys(operations).filter((each) => each !== verb);
      const [method, path, sent] = operation();
      const without = await contract.service.tokenWith(others.map((each) => `${privilege}:${each}`));
      const refused = await contract.send(method, path, { ...sent, token: without });
      expect([verb, refused.status, kodeOf(refused)]).toEqual([verb, 403, 'ingen_rettighed']);
      const only = await contract.service.tokenWith([`${privilege}:${verb}`]);
      expect([verb, (await contract.send(method, path, { ...sent, token: only })).status]).not.toEqual([
        verb,
        403,
      ]);
    }
    const reader = await contract.service.tokenWith([`${privilege}:laes`]);
    const loading = { body: '', headers: { 'content-type': 'application/x-ndjson' }, token: reader };
    const refused = [
      await contract.send('POST', contract.at(), { body, token: reader }),
      await contract.send('POST', `/${contract.service.prefix}/v1/import`, loading),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
  });

  test('what is another municipality’s is answered as what does not exist, and is not found', async () => {
    const { uuid, object } = await contract.make();
    const token = await contract.service.token({ cvr: OTHER_TOWN });
    const change = await contract.change();
    const headers = { 'if-match': '"1"' };
    const operations = [
      ['GET', [], {}],
      ['GET', ['registreringer'], {}],
      ['GET', ['registreringer', '1'], {}],
      ['PATCH', [], { body: change, headers }],
      ['DELETE', [], { headers }],
      ['POST', ['passiver'], { headers }],
    ] as const;
    for (const [method, rest, sent] of operations) {
      const [theirs, nobodys] = [
        await contract.send(method, contract.at(uuid, ...rest), { ...sent, token }),
        await contract.send(method, contract.at(randomUUID(), ...rest), { ...sent, token }),
      ];
      expect([method, theirs.status, problemOf(theirs)]).toEqual([method, 404, problemOf(nobodys)]);
      expect(Object.keys(theirs.headers)).toEqual(Object.keys(nobodys.headers));
    }
    const found = await contract.send('GET', `${contract.at()}?uuid=${uuid}&antal=true`, { token });
    expect(jsonOf(found)).toEqual({ data: [], naeste: null, antal: 0 });
    expect(jsonOf(await contract.send('GET', contract.at(uuid)))).toEqual(object);
  });

  const kle = type.access?.kle;
  if (kle)
    test('data restrictions: what is outside them is not there, and cannot be made', async () => {
      const token = await contract.service.token({ system: 'demo-begraenset' });
      const inside = await contract.make(within(contract, await contract.body(), '27.18.02'));
      const outside = await contract.make(within(contract, await contract.body(), '28.01.01'));
      const secret = within(contract, await contract.body(), '27.18.02', 'VIP_SAGER');
      const read = (uuid: string) => contract.send('GET', contract.at(uuid), { token });
      expect((await read(inside.uuid)).status).toBe(200);
      const [theirs, nobodys] = [await read(outside.uuid), await read(randomUUID())];
      expect([theirs.status, problemOf(theirs)]).toEqual([404, problemOf(nobodys)]);
      const found = await contract.send(
        'GET',
        `${contract.at()}?uuid=${inside.uuid},${outside.uuid}&vis=uuid`,
        { token },
      );
      expect(jsonOf<{ data: string[] }>(found).data).toEqual([inside.uuid]);
      const body = within(contract, await contract.body(), '28.01.01');
      expect((await contract.send('POST', contract.at(), { body, token })).status).toBe(403);
      if (type.access?.foelsomhed) {
        const { uuid } = await contract.make(secret);
        expect((await read(uuid)).status).toBe(404);
      }
    });

  if (isPersonal(type))
    test('each read of persons is logged, and kept by nobody on the way', async () => {
      const { uuid } = await contract.make();
      const transaction = randomUUID();
      const answer = await contract.send('GET', contract.at(uuid), {
        headers: { 'x-transaktionsid': transaction },
      });
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'x-transaktionsid': transaction });
      const { rows } = await contract.service.database.run(
        { owner: '12345678' },
        {
          name: 'spec-audit',
          text: 'select operation, type, allowed from audit where transaction = $1',
          values: [transaction],
        },
      );
      expect(rows).toEqual([{ operation: 'laes', type: type.name, allowed: true }]);
    });
}
