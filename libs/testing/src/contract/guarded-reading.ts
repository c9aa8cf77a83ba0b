import { randomUUID } from 'node:crypto';
import type { Guard } from '@stoettesystemer/object';
import type { Answer } from '../running-service';
import { type Contract, jsonOf, kodeOf, problemOf } from './contract';
import {
  asShown,
  expectSilent,
  itemsOf,
  logged,
  onlyOf,
  type Secret,
  secretBody,
  secretsOf,
} from './guarded';
import { within } from './restricted';
import { searchFieldsOf } from './search-field';

/** What the agreement does not give is null with a warning, and nobody finds out about it by asking (A12, T33). */
export function guardedReading(contract: Contract): void {
  const { type } = contract;
  const secrets = secretsOf(contract);
  const guards = [...new Set(secrets.map(({ guard }) => guard))];
  const without = (guard: Guard) => contract.service.tokenAs({}, { constraints: { [guard]: 'nej' } });
  const hiddenBy = (guard: Guard): Secret[] => secrets.filter((secret) => secret.guard === guard);

  test.each(guards)('T33: without %s every way of reading gives null and a warning', async (guard) => {
    const hidden = hiddenBy(guard);
    const { uuid, object, body } = await contract.make(await secretBody(contract, secrets));
    const token = await without(guard);
    const wanted = asShown(object, hidden);
    const facets = [...new Set(secrets.map(({ facet }) => facet))];
    const { fra } = object.registrering;
    const post = (rest: string, content: object) =>
      contract.send('POST', contract.at(rest), { body: content, token });
    const uuidIs = { felt: 'uuid', lig: uuid };
    const headers = { 'if-match': '"1"' };

    const ways: Record<string, Answer> = {
      laes: await contract.send('GET', contract.at(uuid), { token }),
      alle: await contract.send('GET', `${contract.at(uuid)}?virkning=alle`, { token }),
      fortid: await contract.send('GET', `${contract.at(uuid)}?registreringstid=${fra}`, { token }),
      registrering: await contract.send('GET', contract.at(uuid, 'registreringer', '1'), { token }),
      uaendret: await contract.send('PATCH', contract.at(uuid), { body: {}, headers, token }),
    };
    for (const [way, answer] of Object.entries(ways)) {
      expect([way, answer.status, jsonOf(answer)]).toEqual([way, 200, wanted]);
      expectSilent(answer, body, hidden);
    }
    const lists: Record<string, Answer> = {
      laes_mange: await post('laes', { uuid: [uuid] }),
      soeg: await contract.send('GET', `${contract.at()}?uuid=${uuid}`, { token }),
      soeg_alle: await contract.send('GET', `${contract.at()}?uuid=${uuid}&virkning=alle`, { token }),
      soegninger: await post('soegninger', { udtryk: uuidIs, antal: true }),
    };
    for (const [way, answer] of Object.entries(lists)) {
      expect([way, answer.status, onlyOf(answer)]).toEqual([way, 200, wanted]);
      expectSilent(answer, body, hidden);
    }
    const some = await post('soegninger', { udtryk: uuidIs, vis: facets });
    expect(onlyOf(some)).toMatchObject({ advarsler: (wanted as { advarsler: unknown }).advarsler });
    expectSilent(some, body, hidden);
    const all = await contract.send('GET', contract.at(uuid));
    expect(jsonOf(all)).toEqual(object);
  });

  test('T33: what has no value is absent to everybody, and warned of to nobody', async () => {
    const optional = secrets.filter(({ field }) => field.required !== true);
    const body = await secretBody(contract, secrets);
    for (const secret of optional)
      for (const item of itemsOf(body, secret)) Reflect.deleteProperty(item, secret.member);
    const { uuid, object } = await contract.make(body);
    for (const guard of guards) {
      const answer = await contract.send('GET', contract.at(uuid), { token: await without(guard) });
      const hidden = hiddenBy(guard).filter((secret) => !optional.includes(secret));
      expect(jsonOf(answer)).toEqual(hidden.length > 0 ? asShown(object, hidden) : object);
    }
  });

  test('T33: a guarded member can be neither filtered nor sorted by: 403, whether it hits or not', async () => {
    const { uuid, body } = await contract.make(await secretBody(contract, secrets));
    for (const secret of secrets.filter(({ field }) => field.search)) {
      const { section, facet, member, guard } = secret;
      const token = await without(guard);
      const value = itemsOf(body, secret)[0]![member];
      const felt = searchFieldsOf(type).find((each) => each.facet === facet && each.member === member)!.name;
      const text = String(value);
      const isText = type.relations[facet]?.textField === member;
      const miss = secret.field.kind === 'text' ? [{ felt, lig: `${text.slice(0, -1)}9x` }] : [];
      const comparisons = [
        { felt, lig: value },
        ...miss,
        { felt, iblandt: [value] },
        { felt, findes: true },
        { og: [{ felt: 'uuid', lig: uuid }, { eller: [{ ikke: { felt, lig: value } }] }] },
        ...(secret.field.kind === 'text' ? [{ felt, begynderMed: text.slice(0, 3) }] : []),
        ...(section === 'relationer' && isText
          ? [
              { felt: facet, lig: text },
              { felt: facet, begynderMed: 'H' },
            ]
          : []),
      ];
      const search = (content: object, headers = {}, given = token) =>
        contract.send('POST', contract.at('soegninger'), { body: content, headers, token: given });
      const problems: unknown[] = [];
      for (const udtryk of comparisons) {
        const transaction = randomUUID();
        const refused = await search({ udtryk, antal: true }, { 'x-transaktionsid': transaction });
        expect([udtryk, refused.status, kodeOf(refused)]).toEqual([udtryk, 403, 'skjult_felt']);
        expectSilent(refused, body, [secret]);
        expect(await logged(contract, transaction)).toEqual([
          { operation: 'soeg', allowed: false, rule: 'skjult_felt' },
        ]);
        if ('lig' in udtryk && udtryk.felt === felt) problems.push(problemOf(refused));
        const full = await search({ udtryk, vis: 'uuid' }, {}, await contract.service.token());
        expect(full.status).toBe(200);
      }
      expect(new Set(problems.map((problem) => JSON.stringify(problem))).size).toBe(1);
      for (const sorter of [[felt], [`-${felt}`], ['uuid', felt]])
        expect([sorter, (await search({ sorter })).status]).toEqual([sorter, 403]);
    }
  });

  const prose = secrets.filter(({ section, field }) => section === 'attributter' && field.prose);
  if (prose.length > 0)
    test('T33: nor by its words', async () => {
      const { body } = await contract.make(await secretBody(contract, secrets));
      for (const secret of prose) {
        const lig = String(itemsOf(body, secret)[0]![secret.member]);
        const content = { udtryk: { felt: 'tekst', lig }, antal: true };
        const path = contract.at('soegninger');
        const refused = await contract.send('POST', path, {
          body: content,
          token: await without(secret.guard),
        });
        expect([refused.status, kodeOf(refused)]).toEqual([403, 'skjult_felt']);
        expect((await contract.send('POST', path, { body: content })).status).toBe(200);
      }
    });

  test('an answer that is kept is not given to another user of the system, who may be shown less', async () => {
    const { uuid } = await contract.make(await secretBody(contract, secrets));
    const ask = (token: string) =>
      contract.send('POST', contract.at(uuid, 'passiver'), {
        headers: { 'if-match': '"1"', 'idempotency-key': key },
        token,
      });
    const key = randomUUID();
    const [one, other] = [randomUUID(), randomUUID()];
    const seeing = await contract.service.tokenAs({}, { subject: one });
    const hidden = Object.fromEntries(guards.map((guard) => [guard, 'nej']));
    const blind = await contract.service.tokenAs({}, { subject: other, constraints: hidden });
    expect((await ask(seeing)).status).toBe(200);
    expect((await ask(seeing)).headers['idempotent-replayed']).toBe('true');
    const refused = await ask(blind);
    expect([refused.status, kodeOf(refused)]).toEqual([422, 'idempotens']);
  });

  test('demo-begraenset is given names and no CPR numbers', async () => {
    const made = await contract.make(within(contract, await secretBody(contract, secrets), '27.18.02'));
    const token = await contract.service.token({ system: 'demo-begraenset' });
    const answer = await contract.send('GET', contract.at(made.uuid), { token });
    // What it is restricted by elsewhere in the service, a type without a value for is reached by nobody but `*`.
    const limits = (['kle', 'foelsomhed'] as const).filter((dimension) =>
      contract.service.types.some(({ access }) => access?.[dimension]),
    );
    if (limits.some((dimension) => !type.access?.[dimension])) return expect(answer.status).toBe(404);
    const hidden = hiddenBy('secpr-nummer');
    return expect(jsonOf(answer)).toEqual(hidden.length > 0 ? asShown(made.object, hidden) : made.object);
  });
}
