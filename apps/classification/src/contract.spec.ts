import { randomUUID } from 'node:crypto';
import { Facet, Klasse, Klassifikation } from '@stoettesystemer/model';
import { type Body, describeType, type RunningService } from '@stoettesystemer/testing';
import { runningClassification as start } from './spec/running-classification';
import { made, pointing, Town } from './spec/town';

/** A key is one municipality's only one of its kind. */
const withOwnKey = (_: RunningService, { attributter }: Body): void => {
  for (const item of attributter['egenskaber'] ?? []) item['brugervendtNoegle'] = randomUUID();
};

describeType(Klassifikation, { start, prepare: withOwnKey });
describeType(Facet, { start, prepare: withOwnKey });
describeType(Klasse, {
  start,
  prepare: async (service, body) => {
    withOwnKey(service, body);
    const town = new Town(service);
    const facet = await made(town.postFacet());
    body.relationer['facet'] = pointing(facet);
    body.relationer['overordnetKlasse'] = pointing(await made(town.postKlasse({ facet })));
  },
  // A klasse has one facet all its life, and the one above it is of the same.
  bound: ['facet', 'overordnetKlasse'],
});
