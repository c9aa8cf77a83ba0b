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

const JSON_TYPE = 'application/json';
const UUID: Schema = { type: 'string', format: 'uuid' };
const TEXT: Schema = { type: 'string' };
const COUNT: Schema = { type: 'integer', minimum: 0 };
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
const DEPTH = query('dybde', 'Antal niveauer af klasser.', { type: 'integer', minimum: 1, maximum: 20 });
const ALL = query('alle', 'true: også klasser, der ikke er publiceret på tidspunktet.', { type: 'boolean' });
const answer = (schema: Schema, description: string) => ({
  status: 200,
  description,
  content: { [JSON_TYPE]: schema },
});

const tree = (id: string, tag: string, of: string, schema: Schema) => ({
  get: operation({
    id,
    tag,
    summary: `Træet under ${of}`,
    description: 'De klasser, der er publiceret på tidspunktet, med deres underordnede.',
    parameters: [...use('uuid'), DEPTH, ALL, ...AS_OF],
    answers: [answer(schema, 'Træet.')],
    problems: [404, 422],
  }),
});

const change = closed(
  {
    nr: TEXT,
    niveau: TEXT,
    titel: TEXT,
    tilstand: { enum: ['aktiv', 'udgaaet', 'flyttet'] },
    ophoert: TEXT,
    afloestAf: listOf(closed({ nr: TEXT, findes: { type: 'boolean' } }, ['nr', 'findes'])),
    felter: listOf(
      closed({ felt: TEXT, foer: TEXT, nu: TEXT, typografisk: { type: 'boolean' } }, [
        'felt',
        'foer',
        'nu',
        'typografisk',
      ]),
    ),
  },
  ['nr', 'niveau', 'titel', 'tilstand', 'afloestAf', 'felter'],
);
const KINDS = ['nye', 'aendrede', 'typografiske', 'udgaaede', 'flyttede', 'genaktiverede'];
const COUNTS = [...KINDS, 'iFilen', 'uaendrede', 'ikkeIFilen'];
const each = (names: readonly string[], schema: Schema) =>
  Object.fromEntries(names.map((name) => [name, schema]));

/** What Klassifikation has beside the operations on its types. */
export const additions: Additions = {
  paths: {
    '/klassifikation/v1/klassifikationer/{uuid}/trae': tree(
      'klassifikationTrae',
      'Klassifikation',
      'en klassifikation, facet for facet',
      closed({ uuid: UUID, facetter: listOf(ref('FacetTrae')) }, ['uuid', 'facetter']),
    ),
    '/klassifikation/v1/facetter/{uuid}/trae': tree('facetTrae', 'Facet', 'en facet', ref('FacetTrae')),
    '/klassifikation/v1/klasser/{uuid}/trae': tree('klasseTrae', 'Klasse', 'en klasse', ref('KlasseTrae')),
    '/klassifikation/v1/opslag': {
      get: operation({
        id: 'opslag',
        tag: 'Tjenesten',
        summary: 'Slå op med brugervendte nøgler',
        description: 'Klassifikation, facet eller klasse, efter hvor langt stien går.',
        parameters: [
          query('klassifikation', 'Fx KLE.', TEXT, true),
          query('facet', 'Fx Emne.', TEXT),
          query('klasse', 'Fx 27.18.02. Kræver facet.', TEXT),
          ...AS_OF,
        ],
        answers: [
          answer(
            closed({ data: listOf({ anyOf: [ref('Klasse'), ref('Facet'), ref('Klassifikation')] }) }, [
              'data',
            ]),
            'Objekterne for enden af stien.',
          ),
        ],
        problems: [404, 422],
      }),
    },
    '/klassifikation/v1/kle': {
      post: operation({
        id: 'importerKle',
        tag: 'Tjenesten',
        summary: 'Importér en udgave af KLE',
        description:
          'Kun for den fælles organisation. En fil med fejl ændrer intet; hver fejl har linje og kolonne.',
        parameters: [
          query('valider', 'kun: der skrives intet.', { enum: ['kun'] }),
          query('lempelig', 'true: manglende oplysninger er råd og ikke fejl.', { type: 'boolean' }),
          query('aeldre', 'true: også en udgave, der er ældre end den senest importerede.', {
            type: 'boolean',
          }),
        ],
        body: { required: true, content: { 'application/xml': TEXT, 'text/csv': TEXT } },
        answers: [answer(ref('KleRapport'), 'Det, udgaven ændrede.')],
        problems: [409, 422],
      }),
    },
  },
  schemas: {
    KlasseTrae: closed(
      {
        uuid: UUID,
        ejer: TEXT,
        brugervendtNoegle: TEXT,
        titel: TEXT,
        publiceretStatus: orNull(TEXT),
        antalUnderordnede: COUNT,
        underordnede: listOf(ref('KlasseTrae')),
      },
      ['uuid', 'ejer', 'brugervendtNoegle', 'titel', 'publiceretStatus', 'antalUnderordnede'],
    ),
    FacetTrae: closed(
      { uuid: UUID, brugervendtNoegle: TEXT, titel: orNull(TEXT), underordnede: listOf(ref('KlasseTrae')) },
      ['uuid', 'brugervendtNoegle', 'titel', 'underordnede'],
    ),
    KleRapport: closed(
      {
        format: TEXT,
        facet: TEXT,
        udgivelsesdato: TEXT,
        antal: closed(each(COUNTS, COUNT), COUNTS),
        ...each(KINDS, listOf(change)),
        ikkeIFilen: listOf(closed({ nr: TEXT, titel: TEXT }, ['nr', 'titel'])),
        raad: listOf(closed({ slags: TEXT, nr: TEXT, besked: TEXT }, ['slags', 'nr', 'besked'])),
      },
      ['format', 'facet', 'antal', ...KINDS, 'ikkeIFilen', 'raad'],
    ),
  },
};
