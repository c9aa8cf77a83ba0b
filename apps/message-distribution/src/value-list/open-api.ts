import { type Additions, closed, listOf, operation, orNull, type Schema, use } from '@stoettesystemer/server';
import { VALUES } from './list-values';

const JSON_TYPE = 'application/json';
const TEXT: Schema = { type: 'string' };
const COUNT: Schema = { type: 'integer', minimum: 0 };
const values = listOf({ ...TEXT, minLength: 1, maxLength: VALUES.longest }, { maxItems: VALUES.most });
const all = (properties: Readonly<Record<string, Schema>>): Schema =>
  closed(properties, Object.keys(properties));
const query = (name: string, description: string, schema: Schema) =>
  ({ name, in: 'query', description, schema, required: false }) as const;
const content = (schema: Schema) => ({ [JSON_TYPE]: schema });
const PATH = '/beskedfordeler/v1/vaerdilister/{uuid}/vaerdier';
const facts = (id: string, summary: string, description: string) => ({
  id,
  tag: 'Vaerdiliste',
  summary,
  description,
});

export const valueListAdditions: Additions = {
  paths: {
    [PATH]: {
      parameters: use('uuid'),
      post: operation({
        ...facts(
          'retVaerdier',
          'Læg værdier på listen, og tag andre af den',
          `Højst ${VALUES.most} af hver ad gangen. Personnumre (ti cifre eller urn:oio:cpr-nr:…) gemmes kun som nøglede referencer. ` +
            'Det, der er der i forvejen, og det, der ikke er der, gør ingen forskel.',
        ),
        body: { required: true, content: content(closed({ tilfoej: values, fjern: values }, [])) },
        answers: [
          {
            status: 200,
            description: 'Hvor mange der kom til, og hvor mange der gik.',
            content: content(all({ tilfoejet: COUNT, fjernet: COUNT })),
          },
        ],
        problems: [404, 422],
      }),
      get: operation({
        ...facts('listVaerdier', 'Værdierne på listen', 'Uden borgerne: deres numre gives ikke ud igen.'),
        parameters: [
          query('limit', 'Højst så mange.', { type: 'integer', minimum: 1, maximum: 500 }),
          query('cursor', 'naeste fra den forrige side.', TEXT),
        ],
        answers: [
          {
            status: 200,
            description: 'En side.',
            content: content(all({ data: listOf(TEXT), naeste: orNull(TEXT) })),
          },
        ],
        problems: [404],
      }),
    },
    [`${PATH}/antal`]: {
      parameters: use('uuid'),
      get: operation({
        ...facts(
          'taelVaerdier',
          'Hvor mange værdier der er på listen',
          'Alle, og hvor mange af dem der er borgere.',
        ),
        answers: [
          {
            status: 200,
            description: 'Antallet.',
            content: content(all({ antal: COUNT, heraf: all({ personnumre: COUNT }) })),
          },
        ],
        problems: [404],
      }),
    },
  },
};
