import { randomUUID } from 'node:crypto';
import type { RunningService } from '@stoettesystemer/testing';
import { runningClassification } from '../spec/running-classification';
import { FROM, made, outcomeOf, pointing, Town } from '../spec/town';

const TAKEN = [422, 'noegle_optaget'];
let service: RunningService;
let town: Town;
beforeAll(async () => {
  service = await runningClassification();
  town = new Town(service);
});
afterAll(() => service.close());

describe('a brugervendt nøgle', () => {
  test('is the only one of its type, within the facet or the klassifikation', async () => {
    const key = randomUUID();
    const klassifikation = await made(town.postKlassifikation({ key }));
    expect(outcomeOf(await town.postKlassifikation({ key }))).toEqual(TAKEN);

    const facet = await made(town.postFacet({ key, klassifikation }));
    expect(outcomeOf(await town.postFacet({ key, klassifikation }))).toEqual(TAKEN);
    const other = await made(town.postFacet({ key, klassifikation: await made(town.postKlassifikation()) }));

    await made(town.postKlasse({ key, facet }));
    expect(outcomeOf(await town.postKlasse({ key, facet }))).toEqual(TAKEN);
    await made(town.postKlasse({ key, facet: other }));
  });

  test('of facets that belong to no klassifikation, likewise', async () => {
    const key = randomUUID();
    await made(town.postFacet({ key }));
    expect(outcomeOf(await town.postFacet({ key }))).toEqual(TAKEN);
  });

  test('may be used after another had it, and not while', async () => {
    const [key, facet] = [randomUUID(), await made(town.postFacet())];
    await made(town.postKlasse({ key, facet, til: '2020-01-01T00:00:00Z' }));
    expect(outcomeOf(await town.postKlasse({ key, facet, fra: '2019-12-31T23:59:59.999999Z' }))).toEqual(
      TAKEN,
    );
    await made(town.postKlasse({ key, facet, fra: '2020-01-01T00:00:00Z' }));
  });

  test('is not given to one by a ret, a move or an import either', async () => {
    const [key, facet] = [randomUUID(), await made(town.postFacet())];
    await made(town.postKlasse({ key, facet }));
    const uuid = await made(town.postKlasse({ facet }));
    const renamed = { attributter: { egenskaber: [{ virkning: { fra: FROM }, brugervendtNoegle: key }] } };
    expect(outcomeOf(await town.change('PATCH', `klasser/${uuid}`, renamed))).toEqual(TAKEN);
    expect(
      outcomeOf(await town.send('PUT', `klasser/${randomUUID()}`, town.klasseBody({ key, facet }))),
    ).toEqual(TAKEN);
    const lines = [town.klasseBody({ key: 'ny', facet }), town.klasseBody({ key: 'ny', facet })].map((body) =>
      JSON.stringify({ objekttype: 'Klasse', ...body }),
    );
    const imported = await town.send('POST', 'import', lines.join('\n'), {
      'content-type': 'application/x-ndjson',
    });
    expect(imported.text.split('\n').map((line) => (line ? (JSON.parse(line) as object) : {}))).toMatchObject(
      [{ status: 201 }, { status: 422, fejl: [{ kode: 'noegle_optaget' }] }, { oprettet: 1, afvist: 1 }, {}],
    );

    const klassifikation = await made(town.postKlassifikation());
    await made(town.postFacet({ key, klassifikation }));
    const moved = await made(town.postFacet({ key, klassifikation: await made(town.postKlassifikation()) }));
    const move = { relationer: { facetTilhoerer: pointing(klassifikation) } };
    expect(outcomeOf(await town.change('PATCH', `facetter/${moved}`, move))).toEqual(TAKEN);
  });

  test('is free when its object has been ended, and the ended one cannot be revived to it', async () => {
    const [key, facet] = [randomUUID(), await made(town.postFacet())];
    const body = town.klasseBody({ key, facet });
    const old = await made(town.send('POST', 'klasser', body));
    expect(outcomeOf(await town.change('POST', `klasser/${old}/passiver`))).toEqual([200]);
    const young = await made(town.send('POST', 'klasser', body));
    expect(outcomeOf(await town.send('PUT', `klasser/${old}`, body))).toEqual(TAKEN);
    await town.change('DELETE', `klasser/${young}`);
    expect(outcomeOf(await town.send('PUT', `klasser/${old}`, body))).toEqual([200]);
  });

  test('of another municipality is not in the way, and neither is a common one', async () => {
    const key = randomUUID();
    const others = [
      new Town(service, { cvr: '87654321' }),
      new Town(service, { system: 'demo-faelles', cvr: '19435075' }),
    ];
    for (const other of [...others, town]) await made(other.postKlassifikation({ key }));
  });

  test('wanted by twenty at once is had by one', async () => {
    const [key, facet] = [randomUUID(), await made(town.postFacet())];
    const answers = await Promise.all(Array.from({ length: 20 }, () => town.postKlasse({ key, facet })));
    const outcomes = answers.map(outcomeOf);
    expect(outcomes.filter(([status]) => status === 201)).toHaveLength(1);
    expect(outcomes.filter(([status]) => status !== 201)).toEqual(Array.from({ length: 19 }, () => TAKEN));
  });
});
