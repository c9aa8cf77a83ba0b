import { type Additions, closed, listOf, operation, orNull, type Schema } from '@stoettesystemer/server';

import { ADDRESS } from './address';

const JSON_TYPE = 'application/json';
const TEXT: Schema = { type: 'string' };
const UUID: Schema = { type: 'string', format: 'uuid' };
const ADDRESS_TEXT: Schema = {
  type: 'string',
  minLength: 5,
  maxLength: 254,
  pattern: ADDRESS.source,
};
const mailbox = (schema: Schema) => closed({ adresse: schema }, ['adresse']);
const mail = {
  id: UUID,
  ejer: TEXT,
  om: UUID,
  til: orNull(TEXT),
  emne: TEXT,
  tekst: TEXT,
  skrevet: TEXT,
  sendt: orNull(TEXT),
};

export const mailAdditions: Additions = {
  paths: {
    '/adgangsstyring/v1/postkasser': {
      get: operation({
        id: 'laesPostkasse',
        tag: 'Tjenesten',
        summary: 'Myndighedens postkasse til varsler',
        answers: [
          {
            status: 200,
            description: 'Adressen; null, når der ingen er.',
            content: { [JSON_TYPE]: mailbox(orNull(ADDRESS_TEXT)) },
          },
        ],
      }),
      put: operation({
        id: 'saetPostkasse',
        tag: 'Tjenesten',
        summary: 'Sig, hvor varsler til myndigheden skal hen',
        description: 'En fælles postkasse, som overlever de enkelte medarbejdere.',
        body: { required: true, content: { [JSON_TYPE]: mailbox(ADDRESS_TEXT) } },
        answers: [{ status: 200, description: 'Adressen.', content: { [JSON_TYPE]: mailbox(ADDRESS_TEXT) } }],
      }),
    },
    '/adgangsstyring/dev/post': {
      get: operation({
        id: 'devPost',
        tag: 'Tjenesten',
        summary: 'Den post, der er skrevet',
        description: 'Kun i profil udvikling.',
        open: true,
        answers: [
          {
            status: 200,
            description: 'Den nyeste post.',
            content: {
              [JSON_TYPE]: closed({ data: listOf(closed(mail, Object.keys(mail))) }, ['data']),
              'text/html': TEXT,
            },
          },
        ],
        problems: [404],
      }),
    },
  },
};
