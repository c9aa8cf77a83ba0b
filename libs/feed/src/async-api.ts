import type { Declaration } from '@stoettesystemer/object';
import { beskedtypeOf } from './beskedtype';
import { ACTIONS, dataSchemaOf, eventType } from './cloud-event';
import { pace } from './pace';

const { limit, mostEvents, longestWait } = pace.reader;
const UUID = { type: 'string', format: 'uuid' };
const CVR = { type: 'string', pattern: '^\\d{8}$' };

const query = {
  type: 'object',
  additionalProperties: false,
  properties: {
    efter: {
      type: 'integer',
      minimum: 0,
      default: 0,
      description: 'Positionen på den sidst læste hændelse; 0 for begyndelsen.',
    },
    limit: {
      type: 'integer',
      minimum: 1,
      maximum: mostEvents,
      default: limit,
      description: 'Højst så mange hændelser.',
    },
    vent: {
      type: 'integer',
      minimum: 0,
      maximum: longestWait,
      default: 0,
      description: 'Så mange sekunder ventes der på en hændelse, når der ingen er.',
    },
    type: { type: 'string', description: 'Navne på objekttyper, adskilt af komma. Udelades den, fås alle.' },
    epoke: { ...UUID, description: 'Epoken, som positionen er læst i. Er den en anden nu, svares der 409.' },
  },
};

/** JSON Schema of `data`. */
const data = (service: string) => ({
  $id: dataSchemaOf(service),
  title: 'HaendelseData',
  type: 'object',
  required: ['uuid', 'nummer', 'aendret', 'dataref'],
  additionalProperties: false,
  properties: {
    uuid: { ...UUID, description: 'Objektets UUID.' },
    nummer: { type: 'integer', minimum: 1, description: 'Registreringens nummer.' },
    aendret: {
      type: 'array',
      items: { type: 'string' },
      description: 'Navnene på de attributter, tilstande og relationer, som registreringen ændrede.',
    },
    dataref: {
      type: 'string',
      format: 'uri-reference',
      description:
        'Her læses objektet, som registreringen efterlod det. Læsningen kræver modtagerens egen adgang.',
    },
  },
});

/** JSON Schema of the envelope, without what tells the types apart. */
const event = (service: string) => ({
  title: 'Haendelse',
  type: 'object',
  required: [
    'specversion',
    'id',
    'source',
    'type',
    'subject',
    'time',
    'datacontenttype',
    'dataschema',
    'sequence',
    'beskedtype',
    'objekttype',
    'objekthandling',
    'ansvarligmyndighed',
    'data',
  ],
  properties: {
    specversion: { const: '1.0' },
    id: {
      ...UUID,
      description: 'Registreringens UUID. Er source og id de samme, er det den samme hændelse.',
    },
    source: { type: 'string', format: 'uri-reference', pattern: `^/${service}/\\d{8}$` },
    type: { type: 'string' },
    subject: { ...UUID, description: 'Objektets UUID.' },
    time: { type: 'string', format: 'date-time', description: 'Registreringstidspunktet.' },
    datacontenttype: { const: 'application/json' },
    dataschema: { const: dataSchemaOf(service) },
    sequence: { type: 'string', pattern: '^\\d{20}$', description: 'Positionen i strømmen.' },
    beskedtype: { ...UUID, description: 'UUID på den Klasse, der klassificerer hændelsen.' },
    objekttype: { type: 'string' },
    objekthandling: { enum: [...ACTIONS] },
    ansvarligmyndighed: { ...CVR, description: 'Myndighedens CVR-nummer.' },
    opgaveemne: { type: 'string', description: 'KLE-nummer.' },
    foelsomhed: { type: 'string' },
    traceparent: { type: 'string' },
    data: { $ref: '#/components/schemas/HaendelseData' },
  },
});

const messageOf = (service: string, { name, doc }: Declaration, action: string) => ({
  name: eventType(service, name, action),
  title: `${name} ${action}`,
  summary: doc,
  contentType: 'application/cloudevents+json',
  payload: {
    allOf: [{ $ref: '#/components/schemas/Haendelse' }],
    properties: {
      type: { const: eventType(service, name, action) },
      beskedtype: { const: beskedtypeOf(service, name, action) },
      objekttype: { const: name },
      objekthandling: { const: action },
    },
  },
});

/** The service's events as an AsyncAPI 3.0 document. */
export function asyncApi(service: string, types: readonly Declaration[]): Record<string, unknown> {
  const messages = Object.fromEntries(
    types.flatMap((type) =>
      ACTIONS.map((action) => [`${type.name}.${action}`, messageOf(service, type, action)]),
    ),
  );
  const refs = (to: string) => Object.keys(messages).map((key) => [key, { $ref: `${to}/${key}` }] as const);
  return {
    asyncapi: '3.0.0',
    id: `urn:stoettesystemerne:service:${service}`,
    info: {
      title: `Hændelser fra ${service}`,
      version: '1.0.0',
      description:
        'Én registrering er én hændelse. Hændelserne hentes med GET i den rækkefølge, de blev endelige: positionerne ' +
        'er uden huller for den, der må se alt, og genbruges aldrig. Et tomt svar betyder, at alt er læst.',
    },
    defaultContentType: 'application/cloudevents+json',
    channels: {
      haendelser: {
        address: `/${service}/v1/haendelser`,
        description: 'Svarer med application/cloudevents-batch+json: en liste af hændelser.',
        messages: Object.fromEntries(refs('#/components/messages')),
      },
    },
    operations: {
      haendelser: {
        action: 'send',
        summary: 'Hændelser om objekter, som kalderen må læse nu.',
        channel: { $ref: '#/channels/haendelser' },
        messages: refs('#/channels/haendelser/messages').map(([, ref]) => ref),
        bindings: { http: { method: 'GET', query, bindingVersion: '0.3.0' } },
      },
    },
    components: { messages, schemas: { Haendelse: event(service), HaendelseData: data(service) } },
  };
}
