import type { RunningService } from '@stoettesystemer/testing';
import { runningClassification } from './spec/running-classification';
import { made, Town } from './spec/town';

let service: RunningService;
let town: Town;
beforeAll(async () => {
  service = await runningClassification();
  town = new Town(service);
});
afterAll(() => service.close());

test('a search on tekst finds the klasse by its title, by a misspelling of it, and by its søgeord', async () => {
  const facet = await made(town.postFacet());
  const others = [
    'Skolebestyrelser',
    'Skolepenge',
    'Busdrift',
    'Skolebiblioteker',
    'Trafik ved skoler',
    'Busbaner',
  ];
  for (const titel of others) await made(town.postKlasse({ titel, facet }));
  const body = town.klasseBody({ titel: 'Befordring af elever, herunder skolebus', facet });
  const soegeord = [{ virkning: { fra: '2000-01-01T00:00:00Z' }, identifikator: 'Kørsel til og fra skole' }];
  const wanted = await made(
    town.send('POST', 'klasser', { ...body, attributter: { ...body.attributter, soegeord } }),
  );
  for (const tekst of ['skolebus', 'skolebuss', 'Skolebusser', 'kørsel til skole']) {
    const { data } = await town.read<{ data: string[] }>(
      `klasser?${new URLSearchParams({ tekst, vis: 'uuid', limit: '3' }).toString()}`,
    );
    expect([tekst, data]).toEqual([tekst, expect.arrayContaining([wanted])]);
  }
  expect((await town.read(`klasser?tekst=dykkercertifikat`)).data).toEqual([]);
});
