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
import { KINDS_OF_CHANGE } from '../tree/tree-change';
import { readsSchemas } from './schemas';

const UUID: Schema = { type: 'string', format: 'uuid' };
const TEXT: Schema = { type: 'string' };
const MOMENT = use('virkningstid', 'registreringstid');
const AS_OF = use(
  'virkning',
  'virkningstid',
  'virkningFra',
  'virkningTil',
  'registreringstid',
  'registreringFra',
  'registreringTil',
);

const query = (name: string, description: string, schema: Schema, required = false) =>
  ({ name, in: 'query', description, schema, required }) as const;
const LIMIT = query('limit', 'Højst så mange ad gangen.', { type: 'integer', minimum: 1, maximum: 500 });
const PAGE = [LIMIT, query('cursor', 'Fra det forrige svars naeste.', TEXT)];
const WITHIN = query('enhed', 'Kun enheden og alt under den.', UUID);
const answer = (description: string, schema: Schema) => ({
  status: 200,
  description,
  content: { 'application/json': schema },
});
const page = (name: string, more: Readonly<Record<string, Schema>> = {}): Schema =>
  closed({ data: listOf(ref(name)), naeste: orNull(TEXT), ...more }, [
    'data',
    'naeste',
    ...Object.keys(more),
  ]);
const WARNINGS = { advarsler: listOf(ref('Oplysningsadvarsel')) };

const tree = (id: string, summary: string, parameters: Schema[]) => ({
  get: operation({
    id,
    tag: 'OrganisationEnhed',
    summary,
    description:
      'Enheder, der er i brug på tidspunktet, med antal medlemmer. En enhed, hvis overordnede ikke er der eller ikke ' +
      'må ses, står som rod. Antallet af medlemmer er null, når aftalen ikke giver ret til at læse funktioner.',
    parameters: [
      ...parameters,
      query('dybde', 'Antal niveauer.', { type: 'integer', minimum: 1, maximum: 50 }),
      query('form', 'indlejret: enheder i hinanden. flad: én liste, hver enhed efter sin overordnede.', {
        enum: ['indlejret', 'flad'],
      }),
      ...MOMENT,
    ],
    answers: [answer('Træet.', closed({ enheder: listOf(ref('Traeenhed')) }, ['enheder']))],
    problems: [404],
  }),
});

const posts = (id: string, tag: string, summary: string) => ({
  get: operation({
    id,
    tag,
    summary,
    description:
      'Hele forløbet, også det, der er slut, og det, der kommer; med et tidspunkt eller en periode kun det, der gælder ' +
      'da. limit tæller funktioner.',
    parameters: [...use('uuid', 'formaal'), ...PAGE, ...AS_OF],
    answers: [answer('Posterne.', page('Post', WARNINGS))],
    problems: [404, 422],
  }),
});

/** The questions that people ask of an organisation. */
export const readsAdditions: Additions = {
  paths: {
    '/organisation/v1/enhedstrae': tree('enhedstrae', 'Kommunens enheder som træ', []),
    '/organisation/v1/organisationenheder/{uuid}/trae': tree(
      'organisationenhedTrae',
      'Enheden og alt under den som træ',
      use('uuid'),
    ),
    '/organisation/v1/organisationenheder/{uuid}/overblik': {
      get: operation({
        id: 'organisationenhedOverblik',
        tag: 'OrganisationEnhed',
        summary: 'En enhed med alt omkring den',
        description:
          'Leder (fra den nærmeste overordnede, når enheden selv ingen har), medlemmer, adresser, opgaver, ' +
          'henvendelsessteder, udbetalende enheder, it-systemer, og enhederne over og under.',
        parameters: [...use('uuid', 'formaal'), LIMIT, ...MOMENT],
        answers: [answer('Enheden.', ref('Enhedsoverblik'))],
        problems: [404],
      }),
    },
    '/organisation/v1/organisationenheder/{uuid}/medlemmer': {
      get: operation({
        id: 'organisationenhedMedlemmer',
        tag: 'OrganisationEnhed',
        summary: 'Enhedens medlemmer',
        description: 'Ledere først, så efter titel. En post uden bruger er ledig.',
        parameters: [...use('uuid', 'formaal'), ...PAGE, ...MOMENT],
        answers: [answer('Medlemmerne.', page('Medlem', WARNINGS))],
        problems: [404],
      }),
    },
    '/organisation/v1/brugere/{uuid}/poster': posts('brugerPoster', 'Bruger', 'En brugers poster over tid'),
    '/organisation/v1/personer/{uuid}/poster': posts('personPoster', 'Person', 'En persons poster over tid'),
    '/organisation/v1/poster/soegninger': {
      post: operation({
        id: 'soegPoster',
        tag: 'Person',
        summary: 'Find nogens poster over tid',
        description:
          'Hvem der spørges om, står i indholdet. At spørge med CPR-nummer kræver, at aftalen giver secpr-nummer.',
        parameters: [...use('formaal'), ...AS_OF],
        body: { required: true, content: { 'application/json': ref('Postsoegning') } },
        answers: [answer('Posterne.', page('Post', WARNINGS))],
        problems: [422],
      }),
    },
    '/organisation/v1/opgaveansvar': {
      get: operation({
        id: 'opgaveansvar',
        tag: 'OrganisationEnhed',
        summary: 'Hvem løser et emne i KLE?',
        description:
          'Enheder med emnet selv (Netop), med et højere niveau, der dækker det (Overordnet), og med noget under det ' +
          '(Underordnet). Det nærmeste står først.',
        parameters: [
          query(
            'kle',
            'Emnet: 27, 27.18 eller 27.18.02.',
            { type: 'string', pattern: '^\\d\\d(\\.\\d\\d(\\.\\d\\d)?)?$' },
            true,
          ),
          WITHIN,
          query('rolle', 'Fx Ansvarlig, eller rollens UUID.', TEXT),
          ...PAGE,
          ...MOMENT,
        ],
        answers: [answer('Enhederne.', page('Opgaveansvar'))],
        problems: [404],
      }),
    },
    '/organisation/v1/aendringer': {
      get: operation({
        id: 'aendringer',
        tag: 'OrganisationEnhed',
        summary: 'Hvad er anderledes mellem to tidspunkter?',
        description:
          'Enheder, der er oprettet, lukket, flyttet eller omdøbt, og deres opgaver og medlemmer. Mindst ét af ' +
          'foerVirkningstid og foerRegistreringstid siges; det andet er som i virkningstid og registreringstid.',
        parameters: [
          query('foerVirkningstid', 'Det første tidspunkt i virkning.', {
            type: 'string',
            format: 'date-time',
          }),
          query('foerRegistreringstid', 'Det første tidspunkt i registrering.', {
            type: 'string',
            format: 'date-time',
          }),
          WITHIN,
          query('slags', `Kommaliste af ${KINDS_OF_CHANGE.join(', ')}.`, TEXT),
          ...PAGE,
          ...MOMENT,
        ],
        answers: [answer('Ændringerne.', page('Enhedsaendring'))],
        problems: [404],
      }),
    },
  },
  schemas: readsSchemas,
};
