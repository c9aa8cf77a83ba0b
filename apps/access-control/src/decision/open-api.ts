import { type Additions, closed, listOf, operation, orNull, ref, type Schema } from '@stoettesystemer/server';
import { NSIS_LEVELS } from './question';

const JSON_TYPE = 'application/json';
const UUID: Schema = { type: 'string', format: 'uuid' };
const TEXT: Schema = { type: 'string', minLength: 1, maxLength: 500 };
const TEXTS = listOf(TEXT);
const CVR: Schema = { type: 'string', pattern: '^[1-9][0-9]{7}$' };
const INSTANT: Schema = { type: 'string', format: 'date-time' };

const named = orNull(closed({ uuid: UUID, navn: orNull({ type: 'string' }) }, ['uuid', 'navn']));
const ground: Readonly<Record<string, Schema>> = {
  slags: { enum: ['system', 'bruger'] },
  serviceaftale: named,
  jobfunktionsrolle: named,
  delegation: orNull(UUID),
  rolle: named,
};

const Forklaringsspoergsmaal = closed(
  {
    system: { ...UUID, description: 'It-systemet.' },
    service: { ...TEXT, description: 'Servicens entityId, eller dens præfiks, når den er en af vores.' },
    handling: {
      type: 'string',
      pattern: '^[a-z0-9-]{1,60}:[a-z0-9-]{1,60}$',
      description: 'Fx klasse:laes.',
    },
    objekt: orNull(
      closed(
        {
          ejer: CVR,
          kle: TEXTS,
          foelsomhed: TEXTS,
          orgenhed: TEXTS,
          itsystem: TEXTS,
          organisation: TEXTS,
          beskedtype: TEXTS,
          afsendermyndighed: TEXTS,
          modtagermyndighed: TEXTS,
        },
        [],
      ),
    ),
    bruger: orNull(
      closed(
        {
          idp: UUID,
          hjemme: { ...CVR, description: 'Brugerens egen myndighed; tokenets, når den ikke er sagt.' },
          nsisNiveau: { enum: [...NSIS_LEVELS] },
          jobfunktioner: listOf(
            closed(
              {
                entityId: TEXT,
                myndighed: { ...CVR, description: 'Den myndighed, hvis rolle det er.' },
                dynamisk: listOf(
                  closed({ dataafgraensningstype: TEXT, vaerdier: TEXTS }, [
                    'dataafgraensningstype',
                    'vaerdier',
                  ]),
                ),
              },
              ['entityId'],
            ),
          ),
        },
        ['idp', 'nsisNiveau', 'jobfunktioner'],
      ),
    ),
    virkningstid: orNull(INSTANT),
    registreringstid: orNull(INSTANT),
  },
  ['system', 'service', 'handling'],
);

const Forklaring = closed(
  {
    tilladt: { type: 'boolean' },
    svar: { type: 'string' },
    afvist: orNull({ type: 'string' }),
    serviceaftale: orNull(closed({ uuid: UUID, version: { type: 'integer' } }, ['uuid', 'version'])),
    grundlag: listOf(
      closed({ ...ground, privilegier: listOf({ type: 'string' }), afgraensninger: { type: 'object' } }, [
        ...Object.keys(ground),
        'privilegier',
        'afgraensninger',
      ]),
    ),
    skjult: listOf(
      closed({ felt: { type: 'string' }, kraever: { type: 'string' } }, ['felt', 'kraever'], {
        description: 'Et felt, som ikke vises: aftalen eller brugerens rolle giver ikke det, som kræves.',
      }),
    ),
    bortfaldet: listOf(
      closed({ ...ground, grund: { type: 'string' }, tekst: { type: 'string' } }, [
        ...Object.keys(ground),
        'grund',
        'tekst',
      ]),
    ),
    aendringer: listOf(
      closed({ kode: { type: 'string' }, tekst: { type: 'string' }, uuid: orNull(UUID) }, [
        'kode',
        'tekst',
        'uuid',
      ]),
    ),
  },
  ['tilladt', 'svar', 'afvist', 'serviceaftale', 'grundlag', 'skjult', 'bortfaldet', 'aendringer'],
);

export const decisionAdditions: Additions = {
  schemas: { Forklaringsspoergsmaal, Forklaring },
  paths: {
    '/adgangsstyring/v1/afgoerelser': {
      post: operation({
        id: 'afgoerAdgang',
        tag: 'Forklaringer',
        summary: 'Hvad ville der stå i et token nu?',
        description:
          'For tjenester, der leverer noget, uden at modtageren viser et token. Svaret giver ingen adgang til noget. ' +
          'En tjeneste, der handler for den fælles organisation, kan spørge for alle myndigheder.',
        body: {
          required: true,
          content: {
            [JSON_TYPE]: closed(
              {
                system: UUID,
                service: {
                  type: 'string',
                  minLength: 1,
                  maxLength: 500,
                  description: 'entityId eller præfiks.',
                },
                cvr: CVR,
              },
              ['system', 'service', 'cvr'],
            ),
          },
        },
        answers: [
          {
            status: 200,
            description: 'Hvad der er afgjort; uden grupper, når der ikke ville blive udstedt noget.',
            content: {
              [JSON_TYPE]: closed(
                {
                  afvist: orNull({ type: 'string' }),
                  serviceaftale: orNull(
                    closed({ uuid: UUID, version: { type: 'integer' } }, ['uuid', 'version']),
                  ),
                  authorization_details: listOf(
                    closed(
                      {
                        type: { type: 'string' },
                        kind: { enum: ['system', 'user'] },
                        identifier: CVR,
                        privileges: listOf({ type: 'string' }),
                        constraints: { type: 'object' },
                      },
                      ['type', 'kind', 'identifier', 'privileges', 'constraints'],
                    ),
                  ),
                },
                ['afvist', 'serviceaftale', 'authorization_details'],
              ),
            },
          },
        ],
        problems: [422],
      }),
    },
    '/adgangsstyring/v1/forklaringer': {
      post: operation({
        id: 'forklarAdgang',
        tag: 'Forklaringer',
        summary: 'Må systemet, eller brugeren gennem det, og hvorfor?',
        description:
          'Svaret kommer af den samme beregning, som udsteder tokens: hvilken aftale, rolle, delegation og afgrænsning ' +
          'der giver adgangen, hvad der ikke gør, og hvilken enkelt ændring der ville gøre svaret til et andet.',
        body: { required: true, content: { [JSON_TYPE]: ref('Forklaringsspoergsmaal') } },
        answers: [{ status: 200, description: 'Forklaringen.', content: { [JSON_TYPE]: ref('Forklaring') } }],
        problems: [422],
      }),
    },
  },
};
