import { type Additions, closed, listOf, operation, orNull, type Schema, use } from '@stoettesystemer/server';

const UUID: Schema = { type: 'string', format: 'uuid' };

export const unitsAdditions: Additions = {
  paths: {
    '/organisation/v1/enhedsplaceringer': {
      get: operation({
        id: 'enhedsplaceringer',
        tag: 'OrganisationEnhed',
        summary: 'Hvilken enhed der er under hvilken, lige nu',
        description:
          'For tjenester, der afgrænser efter en enhed og alt under den. Kun enheder, der er under en anden, er med. ' +
          'Spørg igen med If-None-Match, når en hændelse siger, at en enhed er ændret, og når gyldigTil er nået.',
        parameters: use('If-None-Match'),
        answers: [
          {
            status: 200,
            description: 'Placeringerne.',
            headers: ['ETag'],
            content: {
              'application/json': closed(
                {
                  gyldigTil: orNull({
                    type: 'string',
                    format: 'date-time',
                    description:
                      'Da det næste gang bliver anderledes, uden at nogen ændrer det; null: aldrig.',
                  }),
                  enheder: listOf(closed({ uuid: UUID, overordnet: UUID }, ['uuid', 'overordnet'])),
                },
                ['gyldigTil', 'enheder'],
              ),
            },
          },
          { status: 304, description: 'Som sidst.', headers: ['ETag'] },
        ],
      }),
    },
  },
};
