import type { Declaration } from '@stoettesystemer/object';
import { EVENTS, HTML, JSON_TYPE, NDJSON } from '../request/media-type';
import { limits } from '../settings';
import { auditPaths } from './audit-paths';
import { operation, type Parameter } from './operation';
import { listOf, ref, type Schema } from './schema';

const tag = 'Tjenesten';
const query = (name: string, description: string, schema: Schema): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
});
const anyObject: Schema = { type: 'object' };

const openPath = (id: string, summary: string, content: Record<string, Schema>, more: number[] = []) => ({
  get: operation({
    id,
    tag,
    summary,
    open: true,
    answers: [{ status: 200, description: summary, content }],
    problems: more,
  }),
});

/** The paths that every service has, whatever its types. */
export function servicePaths(service: string, types: readonly Declaration[]): Record<string, unknown> {
  const { feed } = limits;
  const lines: Schema = { anyOf: types.flatMap(({ name }) => [ref(`${name}Linje`), ref(`${name}Historik`)]) };
  const health = { [JSON_TYPE]: ref('Sundhed') };
  const notReady = { status: 503, description: 'Ikke klar.', headers: ['Retry-After'], content: health };
  return {
    [`/${service}/v1/import`]: {
      post: operation({
        id: 'importerMange',
        tag,
        summary: 'Importér mange',
        description:
          'Et objekt pr. linje; et svar pr. linje, mens der sendes; til sidst en optælling. En dårlig linje stopper ikke ' +
          'de andre. Filen kan sendes igen: linjer uden nyt gør intet. Læs svaret, mens du sender.',
        parameters: [query('valider', 'kun: der skrives intet.', { enum: ['kun'] })],
        body: { required: true, content: { [NDJSON]: lines } },
        answers: [
          {
            status: 200,
            description: 'Svarene.',
            content: { [NDJSON]: { anyOf: [ref('Linjesvar'), ref('Importtal')] } },
          },
        ],
      }),
    },
    [`/${service}/v1/haendelser`]: {
      get: operation({
        id: 'haendelser',
        tag,
        summary: 'Hændelser',
        description:
          'En tom liste: du er ved enden. Gå videre med Link rel="next". 410: for gammel. 409: ny epoke, begynd forfra.',
        parameters: [
          query('efter', 'Positionen på den sidst læste hændelse; 0 for begyndelsen.', {
            type: 'integer',
            minimum: 0,
            default: 0,
          }),
          query('limit', 'Højst så mange.', {
            type: 'integer',
            minimum: 1,
            maximum: feed.most,
            default: feed.limit,
          }),
          query('vent', 'Sekunder at vente på den næste, når der ingen er.', {
            type: 'integer',
            minimum: 0,
            maximum: feed.longestWait,
            default: 0,
          }),
          query('type', 'Navne på objekttyper, adskilt af komma.', { type: 'string' }),
          query('epoke', 'Epoken, som positionen er læst i.', { type: 'string', format: 'uuid' }),
        ],
        answers: [
          {
            status: 200,
            description: 'Hændelserne.',
            headers: ['Link'],
            content: { [EVENTS]: listOf(ref('Haendelse')) },
          },
        ],
        problems: [409, 410],
      }),
    },
    [`/${service}/v1/haendelser/tilstand`]: {
      get: operation({
        id: 'haendelserTilstand',
        tag,
        summary: 'Hvor hændelserne begynder og slutter',
        answers: [{ status: 200, description: 'Tilstanden.', content: { [JSON_TYPE]: ref('FeedTilstand') } }],
      }),
    },
    ...auditPaths(service),
    [`/${service}/typer`]: openPath('typer', 'Objekttyperne, som de er erklæret', { [JSON_TYPE]: anyObject }),
    [`/${service}/openapi.json`]: openPath('openapi', 'Dette dokument', { [JSON_TYPE]: anyObject }),
    [`/${service}/asyncapi.json`]: openPath('asyncapi', 'Hændelserne som AsyncAPI', {
      [JSON_TYPE]: anyObject,
    }),
    [`/${service}/docs`]: openPath('docs', 'Dokumentation til at læse', { [HTML]: { type: 'string' } }),
    [`/${service}/sundhed/liv`]: openPath('liv', 'Om processen er i live', health),
    [`/${service}/sundhed/klar`]: {
      get: {
        ...operation({
          id: 'klar',
          tag,
          summary: 'Om tjenesten kan gøre sit arbejde',
          open: true,
          answers: [{ status: 200, description: 'Klar.', content: health }, notReady],
          problems: [],
        }),
      },
    },
  };
}
