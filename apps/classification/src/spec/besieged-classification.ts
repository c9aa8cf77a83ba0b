import { randomUUID } from 'node:crypto';
import { openApi } from '@stoettesystemer/server';
import type { SiegeOptions } from '@stoettesystemer/testing';
import { classification } from '../classification';
import { additions } from '../open-api';
import { runningClassification } from './running-classification';
import { pointing } from './town';

const { prefix: service, types } = classification;

interface Body {
  attributter?: { egenskaber?: object[] };
  relationer?: Record<string, object[]>;
}

/** Klassifikation as the generator of requests takes it. */
export const besiegedClassification: Omit<SiegeOptions, 'requests'> = {
  document: openApi({ service, title: 'Klassifikation' }, types, additions),
  start: runningClassification,
  // A key is one municipality's only one of its kind; a klasse has one facet, which is there.
  prepare: async (target, operation, given) => {
    const body = given as Body;
    if (!operation.startsWith('opret')) return body;
    const [item] = body.attributter?.egenskaber ?? [];
    const egenskaber = [
      { ...item, virkning: { fra: '2000-01-01T00:00:00Z' }, brugervendtNoegle: randomUUID() },
    ];
    const attributter = { ...body.attributter, egenskaber };
    if (operation !== 'opretKlasse') return { ...body, attributter, relationer: {} };
    const key = { virkning: { fra: '2000-01-01T00:00:00Z' }, brugervendtNoegle: randomUUID() };
    const facet = await target.send('POST', '/klassifikation/v1/facetter', {
      body: { attributter: { egenskaber: [key] } },
    });
    const { uuid } = JSON.parse(facet.text) as { uuid: string };
    return { ...body, attributter, relationer: { facet: pointing(uuid) } };
  },
  // KLE is common, and only the common organisation may load it.
  tokenFor: (target, operation) =>
    operation === 'importerKle' ? target.token({ system: 'demo-faelles', cvr: '19435075' }) : target.token(),
};
