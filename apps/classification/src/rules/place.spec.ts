import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { runningClassification } from '../spec/running-classification';
import { FROM, jsonOf, made, outcomeOf, pointing, Town } from '../spec/town';

let service: RunningService;
let town: Town;
beforeAll(async () => {
  service = await runningClassification();
  town = new Town(service);
});
afterAll(() => service.close());

const place = (uuid: string, over: string, virkning: { fra?: string; til?: string } = {}, nummer = 1) =>
  town.change(
    'PATCH',
    `klasser/${uuid}`,
    { relationer: { overordnetKlasse: pointing(over, virkning) } },
    nummer,
  );

describe('the facet of a klasse', () => {
  test('is there, and is the same all its life', async () => {
    const [facet, other] = [await made(town.postFacet()), await made(town.postFacet())];
    expect(outcomeOf(await town.postKlasse({ facet: randomUUID() }))).toEqual([422, 'facet']);
    const body = town.klasseBody({ facet });
    const uuid = await made(town.send('POST', 'klasser', body));
    for (const virkning of [{}, { fra: '2030-01-01T00:00:00Z' }]) {
      const moved = { relationer: { facet: pointing(other, virkning) } };
      expect(outcomeOf(await town.change('PATCH', `klasser/${uuid}`, moved))).toEqual([422, 'facet']);
    }
    await town.change('DELETE', `klasser/${uuid}`);
    const elsewhere = { ...body, relationer: { facet: pointing(other) } };
    expect(outcomeOf(await town.send('PUT', `klasser/${uuid}`, elsewhere))).toEqual([422, 'facet']);
  });

  test('is a facet of ours, and not a name of something else', async () => {
    const urn = [{ virkning: { fra: FROM }, reference: { urn: 'urn:oio:facet:emne' } }];
    const body = town.klasseBody({ facet: await made(town.postFacet()) });
    const named = (relation: string) => ({ ...body, relationer: { ...body.relationer, [relation]: urn } });
    expect(outcomeOf(await town.send('POST', 'klasser', named('facet')))).toEqual([422, 'facet']);
    expect(outcomeOf(await town.send('POST', 'klasser', named('overordnetKlasse')))).toEqual([
      422,
      'overordnet',
    ]);
  });

  test('may be a common one, and not another municipality’s', async () => {
    const common = new Town(service, { system: 'demo-faelles', cvr: '19435075' });
    await made(town.postKlasse({ facet: await made(common.postFacet()) }));
    const theirs = await made(new Town(service, { cvr: '87654321' }).postFacet());
    expect(outcomeOf(await town.postKlasse({ facet: theirs }))).toEqual([422, 'facet']);
  });

  test('is not removed while it has klasser, nor a klassifikation while it has facetter', async () => {
    const klassifikation = await made(town.postKlassifikation());
    const facet = await made(town.postFacet({ klassifikation }));
    const klasse = await made(town.postKlasse({ facet }));
    for (const path of [`facetter/${facet}`, `klassifikationer/${klassifikation}`]) {
      expect(outcomeOf(await town.change('DELETE', path))).toEqual([422, 'i_brug']);
      expect(outcomeOf(await town.change('POST', `${path}/passiver`))).toEqual([422, 'i_brug']);
    }
    for (const path of [`klasser/${klasse}`, `facetter/${facet}`, `klassifikationer/${klassifikation}`])
      expect(outcomeOf(await town.change('DELETE', path))).toEqual([204]);
  });

  test('that is gone does not take a klasse back', async () => {
    const facet = await made(town.postFacet());
    const body = town.klasseBody({ facet });
    const uuid = await made(town.send('POST', 'klasser', body));
    await town.change('DELETE', `klasser/${uuid}`);
    await town.change('DELETE', `facetter/${facet}`);
    expect(outcomeOf(await town.send('PUT', `klasser/${uuid}`, body))).toEqual([422, 'facet']);
  });
});

describe('the klasse above', () => {
  test('is there, and of the same facet', async () => {
    const [facet, other] = [await made(town.postFacet()), await made(town.postFacet())];
    const over = await made(town.postKlasse({ facet: other }));
    expect(outcomeOf(await town.postKlasse({ facet, over }))).toEqual([422, 'overordnet']);
    expect(outcomeOf(await town.postKlasse({ facet, over: randomUUID() }))).toEqual([422, 'overordnet']);
  });

  test('is not itself, nor one below it, at any time', async () => {
    const facet = await made(town.postFacet());
    const top = await made(town.postKlasse({ facet }));
    const middle = await made(town.postKlasse({ facet, over: top }));
    const below = await made(town.postKlasse({ facet, over: middle }));
    expect(outcomeOf(await place(top, top))).toEqual([422, 'kreds']);
    expect(outcomeOf(await place(top, below))).toEqual([422, 'kreds']);
    expect(outcomeOf(await place(top, below, { fra: '2030-01-01T00:00:00Z' }))).toEqual([422, 'kreds']);

    // Where the way up is broken before the circle closes, there is none.
    const ended = {
      relationer: { overordnetKlasse: [{ virkning: { fra: '2025-01-01T00:00:00Z' }, reference: null }] },
    };
    expect(outcomeOf(await town.change('PATCH', `klasser/${middle}`, ended))).toEqual([200]);
    expect(outcomeOf(await place(top, below, { fra: '2024-12-31T23:59:59.999999Z' }))).toEqual([
      422,
      'kreds',
    ]);
    expect(outcomeOf(await place(top, below, { fra: '2025-01-01T00:00:00Z' }))).toEqual([200]);
    // And now the other way round.
    expect(outcomeOf(await place(middle, top, { fra: '2026-01-01T00:00:00Z' }, 2))).toEqual([422, 'kreds']);
  });

  test('two that are put under each other at once: one is', async () => {
    for (let round = 0; round < 5; round++) {
      const facet = await made(town.postFacet());
      const [one, two] = [await made(town.postKlasse({ facet })), await made(town.postKlasse({ facet }))];
      const outcomes = (await Promise.all([place(one, two), place(two, one)])).map(outcomeOf);
      expect(outcomes.sort()).toEqual([[200], [422, 'kreds']]);
    }
  });

  test('is not ended while it has others under it', async () => {
    const facet = await made(town.postFacet());
    const over = await made(town.postKlasse({ facet }));
    const under = await made(town.postKlasse({ facet, over }));
    expect(outcomeOf(await town.change('DELETE', `klasser/${over}`))).toEqual([422, 'har_underordnede']);
    expect(outcomeOf(await town.change('POST', `klasser/${over}/passiver`))).toEqual([
      422,
      'har_underordnede',
    ]);
    expect(outcomeOf(await town.change('DELETE', `klasser/${under}`))).toEqual([204]);
    expect(outcomeOf(await town.change('DELETE', `klasser/${over}`))).toEqual([204]);
    const body = town.klasseBody({ facet, over });
    expect(outcomeOf(await town.send('PUT', `klasser/${under}`, body))).toEqual([422, 'overordnet']);
  });

  test('removed while another is put under it: never both', async () => {
    for (let round = 0; round < 5; round++) {
      const facet = await made(town.postFacet());
      const over = await made(town.postKlasse({ facet }));
      const [removed, added] = await Promise.all([
        town.change('DELETE', `klasser/${over}`),
        town.postKlasse({ facet, over }),
      ]);
      expect([
        [204, 422],
        [422, 201],
      ]).toContainEqual([removed.status, added.status]);
    }
  });

  test('of another municipality is as one that is not there', async () => {
    const common = new Town(service, { system: 'demo-faelles', cvr: '19435075' });
    const facet = await made(common.postFacet());
    const theirs = await made(new Town(service, { cvr: '87654321' }).postKlasse({ facet }));
    const [one, two] = [
      await town.postKlasse({ facet, over: theirs }),
      await town.postKlasse({ facet, over: randomUUID() }),
    ].map((answer) => ({ ...jsonOf<object>(answer), instance: '' }));
    expect(one).toEqual(two);
    await made(town.postKlasse({ facet, over: await made(common.postKlasse({ facet })) }));
  });
});
