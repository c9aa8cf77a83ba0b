import { type Additions, closed, listOf, operation, use } from '@stoettesystemer/server';
import { JSON_TYPE } from '../message/open-api';

const key = { type: 'string', pattern: '^whpk_[A-Za-z0-9+/]{43}=$' };

export const pushAdditions: Additions = {
  paths: {
    '/beskedfordeler/v1/dueslag/{uuid}/noegler': {
      parameters: use('uuid'),
      get: operation({
        id: 'visPushNoegler',
        tag: 'Dueslag',
        summary: 'Nøglerne, som beskeder til dueslaget er underskrevet med',
        description:
          'Offentlige Ed25519-nøgler som Standard Webhooks skriver dem, den nyeste først. Der er flere, mens nøgler skiftes: så ' +
          'har hver besked en underskrift med hver. Nøglerne er dueslagets egne.',
        problems: [404],
        answers: [
          {
            status: 200,
            description: 'Nøglerne.',
            content: { [JSON_TYPE]: closed({ data: listOf(key, { minItems: 1 }) }, ['data']) },
          },
        ],
      }),
    },
  },
  schemas: {},
};
