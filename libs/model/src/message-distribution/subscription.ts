import { define, group, json, one, text } from '@stoettesystemer/object';
import { belongsToSystem, itsSystem } from './its-system';

const texts = { type: 'object', minProperties: 1, additionalProperties: { type: 'string', minLength: 1 } };
const nested = { type: 'object' };

/** One filter: exactly one of the words, each of them as CloudEvents Subscriptions has it, but for the last. */
const filter = {
  type: 'object',
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  properties: {
    exact: { ...texts, description: 'Hver attribut er lig med værdien.' },
    prefix: { ...texts, description: 'Hver attribut begynder med værdien.' },
    suffix: { ...texts, description: 'Hver attribut ender på værdien.' },
    all: { type: 'array', minItems: 1, items: nested, description: 'Alle filtrene holder.' },
    any: { type: 'array', minItems: 1, items: nested, description: 'Mindst et af filtrene holder.' },
    not: { ...nested, description: 'Filteret holder ikke.' },
    vaerdiliste: {
      type: 'object',
      additionalProperties: false,
      required: ['attribut', 'uuid'],
      properties: {
        attribut: { enum: ['subject', 'relateretobjekt'] },
        uuid: { type: 'string', format: 'uuid' },
      },
      description: 'Attributten er en af værdierne på listen.',
    },
  },
};

export const Abonnement = define({
  name: 'Abonnement',
  path: 'abonnementer',
  doc: 'Siger, hvilke beskeder der skal i et dueslag. Alle filtre skal holde; uden filtre er det alle beskeder.',
  deletion: 'logical',
  attributes: {
    egenskaber: group(
      'Hvad abonnementet hedder, og hvad det tager.',
      {
        brugervendtNoegle: text({
          required: true,
          search: true,
          max: 100,
          doc: 'Navnet, som systemet kender det ved.',
        }),
        filtre: json<Record<string, unknown>>({
          max: 60_000,
          schema: { type: 'array', items: filter, maxItems: 100 },
          examples: [
            [{ exact: { objekttype: 'Klasse' } }],
            [{ any: [{ prefix: { opgaveemne: '27.' } }, { not: { exact: { objekthandling: 'rettet' } } }] }],
            [{ suffix: { type: '.slettet.v1' } }, { prefix: { source: '/klassifikation/' } }],
          ],
          doc: 'Filtre efter CloudEvents Subscriptions over beskedens attributter: exact, prefix, suffix, all, any, not og vaerdiliste.',
        }),
      },
      { required: true },
    ),
  },
  states: {},
  relations: {
    dueslag: one('Dueslag', {
      search: true,
      doc: 'Dueslaget, som beskederne kommer i. Uden et tages ingen.',
    }),
    anvendersystem: itsSystem,
  },
  access: belongsToSystem,
});
