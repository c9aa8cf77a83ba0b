import { type Additions, closed, listOf, operation, ref, type Schema } from '@stoettesystemer/server';
import { BATCH_TYPE, EVENT_LIMITS, EVENT_TYPE } from '../envelope/cloud-event/cloud-event';

export const JSON_TYPE = 'application/json';
export const XML_TYPE = 'application/xml';
export const UUID: Schema = { type: 'string', format: 'uuid' };
export const CVR: Schema = { type: 'string', pattern: '^[1-9]\\d{7}$' };
const TEXT: Schema = { type: 'string' };
const COUNT: Schema = { type: 'integer', minimum: 0 };

const attributes: Readonly<Record<string, Schema>> = {
  specversion: { const: '1.0' },
  id: {
    ...TEXT,
    minLength: 1,
    description: 'Afsenderens id. Er source og id de samme, er det den samme besked.',
  },
  source: { ...TEXT, minLength: 1, format: 'uri-reference', description: 'Hvor den er opstået.' },
  type: { ...TEXT, minLength: 1 },
  subject: { ...TEXT, description: 'Det, den handler om. Beskeder om det samme afleveres i rækkefølge.' },
  time: { type: 'string', format: 'date-time' },
  datacontenttype: TEXT,
  dataschema: TEXT,
  beskedtype: { ...UUID, description: 'UUID på den Klasse, der klassificerer beskeden.' },
  ansvarligmyndighed: { ...CVR, description: 'Myndigheden, som den er fra: tokenets.' },
  tilladtmodtager: {
    ...TEXT,
    description:
      'CVR-numre med komma imellem: myndigheder, som må få den. Uden er det afsenderens egen myndighed, og for den fælles organisation alle.',
  },
  relateretobjekt: {
    ...TEXT,
    description: 'UUID’er og URN’er med komma imellem. Borgere står som en nøglet reference.',
  },
  objekttype: TEXT,
  objekthandling: TEXT,
  opgaveemne: { ...TEXT, description: 'KLE-nummer.' },
  foelsomhed: TEXT,
  data: {
    description: `Indholdet, højst ${EVENT_LIMITS.data / 1024} KiB. Gemmes krypteret, og der kan ikke filtreres på det.`,
  },
  data_base64: TEXT,
};

const fault = closed({ sti: TEXT, kode: TEXT, besked: TEXT }, ['sti', 'kode', 'besked']);

const result = closed(
  {
    source: TEXT,
    id: TEXT,
    status: { type: 'integer', description: '202, eller hvorfor den er afvist.' },
    ny: { type: 'boolean', description: 'false: den var her i forvejen.' },
    tilladtmodtager: listOf(CVR, { description: 'De nævnte modtagere, som aftalen giver.' }),
    fejl: listOf(fault),
  },
  ['source', 'id', 'status'],
);
const results = closed({ modtaget: COUNT, nye: COUNT, afvist: COUNT, data: listOf(result) }, [
  'modtaget',
  'nye',
  'afvist',
  'data',
]);

export const messageAdditions: Additions = {
  schemas: {
    Besked: {
      type: 'object',
      description: 'En CloudEvent 1.0 i JSON.',
      properties: attributes,
      required: ['specversion', 'id', 'source', 'type', 'beskedtype', 'ansvarligmyndighed'],
      additionalProperties: true,
    },
  },
  paths: {
    '/beskedfordeler/v1/beskeder': {
      post: operation({
        id: 'sendBeskeder',
        tag: 'Tjenesten',
        summary: 'Send en besked, eller flere',
        description:
          'Svaret kommer, når beskederne er gemt. Den samme besked kan sendes igen uden at blive til to. Er en af flere ' +
          'ikke tilladt, tages de andre ind, og svaret er 207. Er en af dem ikke forstået, tages ingen ind.',
        body: {
          required: true,
          content: {
            [EVENT_TYPE]: ref('Besked'),
            [BATCH_TYPE]: listOf(ref('Besked'), { maxItems: EVENT_LIMITS.batch }),
            [XML_TYPE]: {
              ...TEXT,
              description: 'KOMBITs Haendelsesbesked, også i en ModtagBeskedInput; højst 256 KiB.',
            },
            [JSON_TYPE]: { anyOf: [ref('Besked'), listOf(ref('Besked'), { maxItems: EVENT_LIMITS.batch })] },
          },
        },
        answers: [
          { status: 202, description: 'Alle er gemt.', content: { [JSON_TYPE]: results } },
          { status: 207, description: 'Nogle er afvist; se hver.', content: { [JSON_TYPE]: results } },
        ],
        problems: [409],
      }),
    },
  },
};
