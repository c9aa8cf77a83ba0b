import {
  type Additions,
  closed,
  listOf,
  NDJSON,
  operation,
  orNull,
  ref,
  type Schema,
} from '@stoettesystemer/server';
import { SYNCHRONISED } from './run/run-line';
import { FORMS } from './run/wish';

const TEXT: Schema = { type: 'string' };
const UUID: Schema = { type: 'string', format: 'uuid' };
const MOMENT: Schema = { type: 'string', format: 'date-time' };
const COUNT: Schema = { type: 'integer', minimum: 0 };
const NAME: Schema = { enum: SYNCHRONISED.map(({ name }) => name) };
const tag = 'Synkronisering';

const path = {
  name: 'uuid',
  in: 'path',
  required: true,
  description: 'Kildens UUID.',
  schema: UUID,
} as const;
const query = (name: string, description: string, schema: Schema, required = false) =>
  ({ name, in: 'query', description, schema, required }) as const;
const FLAG: Schema = { enum: ['true', 'false'] };

const tally = {
  i_alt: COUNT,
  oprettet: COUNT,
  rettet: COUNT,
  uaendret: COUNT,
  afvist: COUNT,
  foraeldreloese: COUNT,
  lukket: COUNT,
  resultat: { enum: ['Gennemfoert', 'Standset'] },
  udfoert: { type: 'boolean' },
} satisfies Record<string, Schema>;

const object = {
  linje: { type: 'integer', minimum: 1 },
  uuid: TEXT,
  objekttype: NAME,
  handling: { enum: ['ny', 'aendret', 'afvist'] },
  aendret: listOf(TEXT),
  fejl: listOf(ref('Fejl')),
} satisfies Record<string, Schema>;
const orphan = {
  foraeldreloes: UUID,
  objekttype: NAME,
  handling: { enum: ['mangler', 'afsluttet', 'afvist'] },
  fejl: listOf(ref('Fejl')),
} satisfies Record<string, Schema>;
const shown = { uuid: UUID, objekttype: NAME, siden: MOMENT } satisfies Record<string, Schema>;

export const synchronisationAdditions: Additions = {
  schemas: {
    Indlaesningslinje: {
      description:
        'Et objekt, som kilden har det; det, den navngiver, er hele dens ord om det, og om resten siger den intet. Eller ' +
        'UUID’erne på noget, som er i kilden, men ikke kan indlæses. Den sidste linje siger, hvor mange der var før den.',
      anyOf: [
        ...SYNCHRONISED.map(({ name }) => ref(`${name}Linje`)),
        closed({ udeladt: listOf(UUID) }, ['udeladt']),
        closed({ slut: { enum: [true] }, antal: COUNT }, ['slut', 'antal']),
      ],
    },
    Indlaesningssvar: {
      description:
        'Om det, der ikke er, som det er registreret; om, hvor langt der er nået; og til sidst en optælling. Mangler den, ' +
        'blev indlæsningen afbrudt; kør den igen.',
      anyOf: [
        closed(object, ['linje', 'uuid', 'handling']),
        closed(orphan, ['foraeldreloes', 'objekttype', 'handling']),
        closed({ naaet: COUNT }, ['naaet']),
        closed(tally, Object.keys(tally)),
        closed({ status: { type: 'integer' }, fejl: listOf(ref('Fejl')) }, ['status', 'fejl']),
      ],
    },
    Foraeldreloes: closed(shown, Object.keys(shown)),
  },
  paths: {
    '/organisation/v1/synkroniseringer/{uuid}/indlaesninger': {
      post: operation({
        id: 'indlaesKilde',
        tag,
        summary: 'Indlæs en kilde',
        description:
          'Holder alt, hvad en kilde har, op mod det registrerede. Uden udfoer=true siges kun forskellene; med den ' +
          'skrives de, og intet andet. Læs svaret, mens du sender. Den samme kilde kan sendes igen.',
        parameters: [
          path,
          query('kilde', 'Kildens navn, som kommunen kender den.', TEXT, true),
          query('form', 'Filens form.', { enum: FORMS }, true),
          query('udfoer', 'Om forskellene skrives.', FLAG),
          query('gaelderFra', 'Kilden siger kun noget om tiden herfra.', MOMENT),
          query(
            'afslut',
            'Om det, kilden ikke har mere, bliver afsluttet: Inaktiv, og uden relationer.',
            FLAG,
          ),
          query(
            'graense',
            'Procent af kildens objekter, der højst må afsluttes på én gang; 20, når det ikke er sagt.',
            {
              type: 'integer',
              minimum: 0,
              maximum: 100,
            },
          ),
          query('tving', 'Afslut, hvad grænsen end siger.', FLAG),
        ],
        body: { required: true, content: { [NDJSON]: ref('Indlaesningslinje') } },
        answers: [{ status: 200, description: 'Svarene.', content: { [NDJSON]: ref('Indlaesningssvar') } }],
        problems: [404, 422],
      }),
    },
    '/organisation/v1/synkroniseringer/{uuid}/foraeldreloese': {
      get: operation({
        id: 'foraeldreloese',
        tag,
        summary: 'Det, kilden ikke har mere',
        description: 'Det, der er kommet fra kilden, og som den ikke havde, da den sidst blev indlæst.',
        parameters: [
          path,
          query('limit', 'Højst så mange ad gangen.', { type: 'integer', minimum: 1, maximum: 500 }),
          query('cursor', 'Fra det forrige svars naeste.', TEXT),
        ],
        answers: [
          {
            status: 200,
            description: 'De forældreløse.',
            content: {
              'application/json': closed({ data: listOf(ref('Foraeldreloes')), naeste: orNull(TEXT) }, [
                'data',
                'naeste',
              ]),
            },
          },
        ],
        problems: [404],
      }),
    },
  },
};
