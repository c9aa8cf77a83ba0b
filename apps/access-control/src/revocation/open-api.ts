import { type Additions, closed, operation, type Schema } from '@stoettesystemer/server';

const TEXT: Schema = { type: 'string' };
const UUID: Schema = { type: 'string', format: 'uuid' };
const SECOND: Schema = { type: 'integer', minimum: 0, description: 'Sekunder siden 1970.' };
const CVR: Schema = { type: 'string', pattern: '^\\d{8}$' };

const query = (name: string, description: string, maximum?: number) =>
  ({
    name,
    in: 'query',
    description,
    schema: { type: 'integer', minimum: 0, ...(maximum === undefined ? {} : { maximum }) },
  }) as const;

export const revocationAdditions: Additions = {
  paths: {
    '/adgangsstyring/tilbagekaldelser': {
      get: operation({
        id: 'tilbagekaldelser',
        tag: 'Tjenesten',
        summary: 'Hvad der er kaldt tilbage',
        description:
          'For tjenester, der kontrollerer tokens: en JWS af typen tilbagekaldelser+jwt, underskrevet med de nøgler, ' +
          'der står i /adgangsstyring/jwks. Den har epoke, position, tilbagekaldt og noegler (kid på de nøgler, der ' +
          'gælder). Alt, der gælder nu, står i den, også det, der er fortalt før.',
        open: true,
        parameters: [
          query('efter', 'Positionen i det sidste dokument, man har hørt.'),
          query('vent', 'Sekunder at vente, når der intet er efter den.', 25),
        ],
        answers: [{ status: 200, description: 'Dokumentet.', content: { 'application/jwt': TEXT } }],
      }),
    },
    '/adgangsstyring/v1/tilbagekaldelser': {
      post: operation({
        id: 'tilbagekald',
        tag: 'Tjenesten',
        summary: 'Kald tokens tilbage',
        description:
          'Når en nøgle er kommet i de forkerte hænder. Det, der følger af en ændret aftale eller rolle, kaldes tilbage ' +
          'af sig selv. En kommune kalder kun tokens til sig selv tilbage. Kræver adgangsstyring:tilbagekald.',
        body: {
          required: true,
          content: {
            'application/json': closed(
              {
                client_id: UUID,
                sub: UUID,
                agr: UUID,
                jti: { type: 'string', pattern: '^[\\w-]{8,100}$' },
                aarsag: { type: 'string', minLength: 1, maxLength: 1000 },
                til: {
                  type: 'string',
                  format: 'date-time',
                  description:
                    'Så længe bruges ingen tokens. Udelades det, er det dem, der er udstedt; nye kan bruges.',
                },
              },
              ['aarsag'],
              {
                description: 'Netop én af client_id, sub, agr og jti.',
                oneOf: ['client_id', 'sub', 'agr', 'jti'].map((name) => ({ required: [name] })),
              },
            ),
          },
        },
        answers: [
          {
            status: 201,
            description: 'Som tjenesterne hører det.',
            content: {
              'application/json': closed(
                {
                  client_id: UUID,
                  sub: UUID,
                  agr: UUID,
                  jti: TEXT,
                  cvr: CVR,
                  before: SECOND,
                  until: SECOND,
                },
                ['until'],
              ),
            },
          },
        ],
        problems: [422],
      }),
    },
  },
};
