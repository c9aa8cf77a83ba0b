import { type Additions, closed, listOf, operation, orNull, type Schema } from '@stoettesystemer/server';
import { ENDING_KINDS } from './endings';

const TEXT: Schema = { type: 'string' };
const UUID: Schema = { type: 'string', format: 'uuid' };
const count = (maximum: number): Schema => ({ type: 'integer', minimum: 1, maximum });
const query = (name: string, description: string, schema: Schema) =>
  ({ name, in: 'query', description, schema, required: false }) as const;

const ending = {
  slags: { enum: [...ENDING_KINDS] },
  uuid: UUID,
  noegle: orNull(TEXT),
  navn: TEXT,
  anvendersystem: orNull(UUID),
  udloeber: { type: 'string', format: 'date-time' },
};

export const radarAdditions: Additions = {
  paths: {
    '/adgangsstyring/v1/udloeb': {
      get: operation({
        id: 'udloeb',
        tag: 'Tjenesten',
        summary: 'Det, der snart udløber',
        description:
          'Nøgler og certifikater, serviceaftaler, føderationsaftaler og delegationer; det, der udløber først, står først.',
        parameters: [
          query('inden', 'Antal dage; 60, når det ikke er sagt.', count(730)),
          query('limit', 'Højst så mange ad gangen.', count(500)),
          query('cursor', 'Fra det forrige svars naeste.', TEXT),
        ],
        answers: [
          {
            status: 200,
            description: 'Det, der udløber.',
            content: {
              'application/json': closed(
                { data: listOf(closed(ending, Object.keys(ending))), naeste: orNull(TEXT) },
                ['data', 'naeste'],
              ),
            },
          },
        ],
      }),
    },
  },
};
