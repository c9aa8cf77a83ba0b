import {
  type Additions,
  closed,
  listOf,
  operation,
  orNull,
  ref,
  type Schema,
  use,
} from '@stoettesystemer/server';
import { KINDS_OF_CONSEQUENCE } from './consequence';

const JSON_TYPE = 'application/json';
const TEXT: Schema = { type: 'string' };
const NOTE: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 1024,
  description: 'Hvorfor; står ved hver registrering, der laves.',
};

const done = [
  {
    status: 200,
    description: 'Planen, som den derefter er.',
    headers: ['ETag', 'Preference-Applied'],
    content: { [JSON_TYPE]: ref('Omorganisering') },
  },
];

const UUID: Schema = { type: 'string', format: 'uuid' };
const INSTANT: Schema = { type: 'string', format: 'date-time' };
const NUMBER: Schema = { type: 'integer', minimum: 0 };
const query = (name: string, description: string, schema: Schema) =>
  ({ name, in: 'query', description, schema, required: false }) as const;

const kind = (slags: string | readonly string[], members: Readonly<Record<string, Schema>>): Schema =>
  closed({ slags: { enum: [slags].flat() }, tidspunkt: orNull(INSTANT), ...members }, [
    'slags',
    'tidspunkt',
    ...Object.keys(members),
  ]);
const name = { navn: TEXT, brugervendtNoegle: TEXT };
const all = (members: Readonly<Record<string, Schema>>): Schema => closed(members, Object.keys(members));
const fields = all({ ...name, enhedstype: orNull(TEXT), overordnet: orNull(TEXT) });
const task = all({ rolle: TEXT, klasse: TEXT, kleNummer: orNull(TEXT) });
const member = all({
  funktion: UUID,
  bruger: orNull(TEXT),
  funktionstype: orNull(TEXT),
  titel: orNull(TEXT),
});

const CONSEQUENCE: Schema = {
  oneOf: [
    closed(
      {
        slags: { const: 'Hindring' },
        tidspunkt: { type: 'null' },
        sti: TEXT,
        kode: TEXT,
        besked: TEXT,
      },
      ['slags', 'tidspunkt', 'sti', 'kode', 'besked'],
      { description: 'Et trin, der ikke kan lade sig gøre, eller en regel, der ville blive brudt.' },
    ),
    kind('Oprettet', { enhed: UUID, nu: fields }),
    kind('Lukket', { enhed: UUID, foer: fields }),
    kind('Omdoebt', { enhed: UUID, foer: all(name), nu: all(name) }),
    kind(['Flyttet', 'TypeAendret'], { enhed: UUID, foer: orNull(TEXT), nu: orNull(TEXT) }),
    kind(['OpgaveFjernet', 'OpgaveTilfoejet', 'OpgaveUdenModtager'], { enhed: UUID, opgave: task }),
    kind(['MedlemFjernet', 'MedlemTilfoejet'], { enhed: UUID, medlem: member }),
    kind('MedlemAendret', { enhed: UUID, foer: member, nu: member }),
    kind('UdenModtager', { enhed: UUID, objekttype: TEXT, objekt: UUID, relation: TEXT }),
    kind('MedlemmerFoelger', { enhed: UUID, antalMedlemmer: NUMBER }),
    kind('StedFlytter', { funktion: UUID, funktionstype: TEXT, foer: UUID, nu: UUID }),
    kind('StedBrugesIkke', { enhed: UUID, funktion: UUID, funktionstype: TEXT }),
    kind('UndertraeAendret', { enhed: UUID, tilgaar: NUMBER, fragaar: NUMBER }),
    kind('SenereAendringViger', { objekttype: TEXT, objekt: UUID, facet: TEXT, fra: INSTANT }),
  ],
};

/** What a plan of a reorganisation can do beside the operations on its type. */
export const reorganisationAdditions: Additions = {
  paths: {
    '/organisation/v1/omorganiseringer/{uuid}/konsekvenser': {
      get: operation({
        id: 'omorganiseringKonsekvenser',
        tag: 'Omorganisering',
        summary: 'Se, hvad planen vil betyde',
        description:
          'Skriver intet. Træet før og efter, trin for trin: enheder og medlemmer, der flytter, det, der ville stå uden ' +
          'enhed, steder for henvendelse og udbetaling, enheder, hvis undertræ bliver et andet, og alt, der er i vejen. ' +
          'grundlag sendes med, når planen anvendes. adgangsroller er de spørgsmål, som planlæggeren selv kan stille ' +
          'Adgangsstyring om roller, der nævner enhederne.',
        parameters: [
          ...use('uuid'),
          query('slags', 'Kun disse slags, adskilt af komma.', TEXT),
          query('limit', 'Højst så mange ad gangen.', { type: 'integer', minimum: 1, maximum: 500 }),
          query('cursor', 'Fra det forrige svars naeste.', TEXT),
        ],
        answers: [
          {
            status: 200,
            description: 'Konsekvenserne.',
            content: { [JSON_TYPE]: ref('OmorganiseringKonsekvenser') },
          },
        ],
        problems: [404, 409],
      }),
    },
    '/organisation/v1/omorganiseringer/{uuid}/anvend': {
      post: operation({
        id: 'anvendOmorganisering',
        tag: 'Omorganisering',
        summary: 'Anvend planen',
        description:
          'Skriver alle trin som ét sæt registreringer, der gælder fra ikrafttrædelsen: alle eller ingen. Kræver ret ' +
          'til at skrive alt det, planen ændrer, og til at importere enheder, når den opretter nogen. Er noget af det ' +
          'ændret, siden konsekvenserne blev vist, eller bryder det en regel, er svaret en liste over hvad. Det samme ' +
          'kald igen ændrer intet.',
        parameters: use('uuid', 'If-Match'),
        body: {
          required: true,
          content: {
            [JSON_TYPE]: closed(
              {
                grundlag: { ...TEXT, maxLength: 100, description: 'Fra svaret på konsekvenser.' },
                note: orNull(NOTE),
              },
              ['grundlag'],
            ),
          },
        },
        answers: done,
        problems: [404, 409, 412, 422, 428],
      }),
    },
    '/organisation/v1/omorganiseringer/{uuid}/fortryd': {
      post: operation({
        id: 'fortrydOmorganisering',
        tag: 'Omorganisering',
        summary: 'Fortryd planen, før den træder i kraft',
        description:
          'Tager det tilbage, som planen skrev, og intet andet. Har andre siden ændret det samme i samme periode, er ' +
          'svaret en liste over hvad. Enheder, som planen oprettede, slettes.',
        parameters: use('uuid', 'If-Match'),
        body: { required: false, content: { [JSON_TYPE]: closed({ note: orNull(NOTE) }, []) } },
        answers: done,
        problems: [404, 409, 412, 422, 428],
      }),
    },
  },
  schemas: {
    OmorganiseringKonsekvens: CONSEQUENCE,
    OmorganiseringKonsekvenser: all({
      omorganisering: UUID,
      nummer: NUMBER,
      ikrafttraeden: INSTANT,
      grundlag: TEXT,
      kanAnvendes: { type: 'boolean', description: 'Om intet er i vejen.' },
      antal: {
        type: 'object',
        description: 'Hvor mange der i alt er af hver slags.',
        properties: Object.fromEntries(KINDS_OF_CONSEQUENCE.map((slags) => [slags, NUMBER])),
        additionalProperties: false,
      },
      adgangsroller: listOf(all({ adresse: TEXT, soegning: { type: 'object' } })),
      data: listOf(ref('OmorganiseringKonsekvens')),
      naeste: orNull(TEXT),
    }),
  },
};
