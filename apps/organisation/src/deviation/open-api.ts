import { type Additions, closed, listOf, operation, orNull, type Schema, use } from '@stoettesystemer/server';

const TEXT: Schema = { type: 'string' };
const UUID: Schema = { type: 'string', format: 'uuid' };
const NUMBER: Schema = { enum: ['1', '2', '3', '4', '5', '6', '7'] };
const LEVEL: Schema = { enum: ['regel', 'raad'] };
const query = (name: string, description: string, schema: Schema) =>
  ({ name, in: 'query', description, schema, required: false }) as const;

const deviation = {
  regel: orNull(NUMBER),
  kode: TEXT,
  niveau: LEVEL,
  objekttype: TEXT,
  uuid: UUID,
  om: orNull(UUID),
  sti: TEXT,
  besked: TEXT,
};

export const deviationAdditions: Additions = {
  paths: {
    '/organisation/v1/afvigelser': {
      get: operation({
        id: 'afvigelser',
        tag: 'Tjenesten',
        summary: 'Det, der er registreret imod reglerne',
        description:
          'Kommunens egne objekter, der bryder en regel på tidspunktet: de er skrevet af et system, hvis ' +
          'regeltilstand er tolerant. om er et andet objekt, som afvigelsen angår.',
        parameters: [
          query('niveau', 'regel, når det ikke er sagt; raad: det, som vejledningen fraråder.', LEVEL),
          query('regel', 'Nummeret på reglen.', NUMBER),
          query('objekt', 'Kun det, der angår objektet.', UUID),
          query('enhed', 'Kun det, der angår enheden selv eller dens funktioner.', UUID),
          ...use('virkningstid'),
          query('limit', 'Højst så mange ad gangen.', { type: 'integer', minimum: 1, maximum: 500 }),
          query('cursor', 'Fra det forrige svars naeste.', TEXT),
        ],
        answers: [
          {
            status: 200,
            description: 'Afvigelserne, efter kode.',
            content: {
              'application/json': closed(
                { data: listOf(closed(deviation, Object.keys(deviation))), naeste: orNull(TEXT) },
                ['data', 'naeste'],
              ),
            },
          },
        ],
      }),
    },
  },
};
