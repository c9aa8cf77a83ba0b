import { randomUUID } from 'node:crypto';
import type { Answer } from '../running-service';
import type { Body } from './body';
import { type Contract, jsonOf, kodeOf, problemOf } from './contract';
import { asShown, expectSilent, itemsOf, logged, type Secret, secretBody, secretsOf } from './guarded';

const LATER = { fra: '2030-01-01T00:00:00Z' };

/** What one cannot see one may give to a new object, and not overwrite, nor find out by trying (T33). */
export function guardedChanging(contract: Contract): void {
  const { type } = contract;
  const secrets = secretsOf(contract);
  const lacking = ({ guard }: Secret) => contract.service.tokenAs({}, { constraints: { [guard]: 'nej' } });
  const hiddenWith = ({ guard }: Secret) => secrets.filter((each) => each.guard === guard);
  const named = secrets.map((secret) => [`${secret.facet}.${secret.member}`, secret] as const);

  const load = (lines: readonly object[], token: string) =>
    contract.send('POST', `/${contract.service.prefix}/v1/import`, {
      body: lines.map((line) => JSON.stringify(line)).join('\n'),
      headers: { 'content-type': 'application/x-ndjson' },
      token,
    });
  const expectRefused = (answer: Answer, body: Body, secret: Secret) => {
    expect([answer.status, kodeOf(answer)]).toEqual([403, 'skjult_felt']);
    expectSilent(answer, body, [secret]);
  };

  test.each(named)('%s may be given to a new object by one who is not shown it', async (_, secret) => {
    const token = await lacking(secret);
    const body = await secretBody(contract, secrets);
    const answer = await contract.send('POST', contract.at(), { body, token });
    expect(answer.status).toBe(201);
    const { uuid } = jsonOf(answer);
    const whole = jsonOf(await contract.send('GET', contract.at(uuid)));
    expect(whole[secret.section][secret.facet]).toMatchObject(itemsOf(body, secret));
    expect(jsonOf(answer)).toEqual(asShown(whole, hiddenWith(secret)));
  });

  if (secrets.every(({ facet }) => !contract.bound.includes(facet))) {
    test.each(named)('%s is not changed by one who is not shown it, nor guessed', async (_, secret) => {
      const token = await lacking(secret);
      const { section, facet, member } = secret;
      const { uuid, body, object } = await contract.make(await secretBody(contract, secrets));
      const other = await secretBody(contract, secrets);
      const [item, another] = [itemsOf(body, secret)[0]!, itemsOf(other, secret)[0]!];
      const patch = (said: object, headers = {}) =>
        contract.send('PATCH', contract.at(uuid), {
          body: { [section]: { [facet]: [said] } },
          headers: { 'if-match': '"1"', ...headers },
          token,
        });
      const transaction = randomUUID();
      const guesses = [
        await patch(item, { 'x-transaktionsid': transaction }),
        await patch({ ...item, [member]: another[member] }),
        await patch({ ...item, virkning: LATER, [member]: another[member] }),
      ];
      for (const guess of guesses) expectRefused(guess, other, secret);
      expect(guesses.map(problemOf)).toEqual(guesses.map(() => problemOf(guesses[0]!)));
      expect(await logged(contract, transaction)).toEqual([
        expect.objectContaining({ allowed: false, rule: 'skjult_felt' }),
      ]);
      if (secret.field.required !== true)
        expectRefused(await patch({ ...item, [member]: null }), body, secret);
      const ending = type.relations[facet] ? { ...item, reference: undefined } : item;
      expectRefused(await patch({ ...pickKeys(ending), virkning: LATER, slut: true }), body, secret);

      const put = (content: object) =>
        contract.send('PUT', contract.at(uuid), { body: content, headers: { 'if-match': '"1"' }, token });
      expectRefused(await put(body), body, secret);
      expectRefused(await put(other), other, secret);
      const named = { objekttype: type.name, uuid };
      const first = { ...named, registreringer: [{ fra: '2001-01-01T00:00:00Z', ...body }] };
      const answer = await load([{ ...named, ...body }, { ...named, ...other }, first], token);
      const lines = answer.text
        .split('\n')
        .slice(0, 3)
        .map((line) => JSON.parse(line) as object);
      expect(lines).toMatchObject(lines.map(() => ({ status: 403, fejl: [{ kode: 'skjult_felt' }] })));
      expectSilent(answer, body, [secret]);
      expect(jsonOf(await contract.send('GET', contract.at(uuid)))).toEqual(object);
    });
  }

  const besides = secrets.flatMap((secret) => {
    const fields = type.attributes[secret.facet]?.fields ?? {};
    const { key } = type.attributes[secret.facet] ?? {};
    const member = Object.keys(fields).find((name) => !fields[name]!.guard && name !== key);
    return member === undefined || contract.bound.includes(secret.facet) ? [] : [{ secret, member }];
  });
  for (const { secret, member } of besides)
    test(`${secret.facet}.${member} is changed without a word of what stands beside it`, async () => {
      const { uuid, body } = await contract.make(await secretBody(contract, secrets));
      const other = itemsOf(await contract.body(), secret)[0]![member];
      const { key } = type.attributes[secret.facet]!;
      const [item] = itemsOf(body, secret);
      const said = { virkning: LATER, ...(key === undefined ? {} : { [key]: item![key] }), [member]: other };
      const answer = await contract.send('PATCH', contract.at(uuid), {
        body: { [secret.section]: { [secret.facet]: [said] } },
        headers: { 'if-match': '"1"' },
        token: await lacking(secret),
      });
      expect([answer.status, answer.headers['etag']]).toEqual([200, '"2"']);
      const whole = await contract.send('GET', `${contract.at(uuid)}?virkning=alle`);
      const items = itemsOf(jsonOf(whole), secret);
      expect(items).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ [member]: item![member], [secret.member]: item![secret.member] }),
          expect.objectContaining({ [member]: other, [secret.member]: item![secret.member] }),
        ]),
      );
      expect(jsonOf(answer)).toEqual(asShown(jsonOf(whole), hiddenWith(secret)));
    });

  test('what the service says of itself is not taken in: advarsler is 400', async () => {
    const body = { ...(await contract.body()), advarsler: [] };
    expect((await contract.send('POST', contract.at(), { body })).status).toBe(400);
  });

  /** What tells one occurrence from another, and no more. */
  function pickKeys(item: object): object {
    const names = ['rolle', 'indeks', ...Object.values(type.attributes).flatMap(({ key }) => key ?? [])];
    return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
  }
}
