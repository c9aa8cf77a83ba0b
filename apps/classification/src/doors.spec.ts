import { describeDoors } from '@stoettesystemer/testing';
import { besiegedClassification } from './spec/besieged-classification';
import { runningClassification } from './spec/running-classification';
import { made, Town } from './spec/town';

describeDoors('Klassifikation', {
  document: besiegedClassification.document,
  start: runningClassification,
  free: ['tilstand'],
  objects: async (service) => {
    const town = new Town(service);
    const facet = await made(town.postFacet());
    return {
      klassifikationer: await made(town.postKlassifikation()),
      facetter: facet,
      klasser: await made(town.postKlasse({ facet })),
    };
  },
});
