import { LONGEST } from '../intake/log-query';
import { JSON_TYPE, NDJSON } from '../request/media-type';
import { limits } from '../settings';
import { CVR, DAY, INSTANT, line, UUID } from './field-schema';
import { operation, type Parameter } from './operation';
import { closed, listOf, orNull, type Schema } from './schema';

const tag = 'Tjenesten';
const anyText: Schema = { type: 'string' };
const place: Schema = { type: 'integer', minimum: 1 };
const hash: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const limit: Schema = {
  type: 'integer',
  minimum: 1,
  maximum: limits.search.most,
  default: limits.search.limit,
};
const period = (name: string, description: string): Parameter => ({
  name,
  in: 'query',
  required: true,
  description,
  schema: INSTANT,
});

const members: Record<string, Schema> = {
  aftale: orNull(UUID),
  antal: orNull({ type: 'integer', minimum: 0 }),
  bruger: orNull(anyText),
  cvr: CVR,
  formaal: orNull(anyText),
  handling: anyText,
  id: place,
  kriterier: { description: 'Det, der blev søgt efter; borgere som pseudonymer.' },
  objekter: listOf(UUID),
  regel: orNull(anyText),
  sikringsniveau: orNull(anyText),
  system: orNull(UUID),
  tid: INSTANT,
  tilladt: { type: 'boolean' },
  transaktionsid: orNull(UUID),
  type: orNull(anyText),
};
const row = closed(members, Object.keys(members));
const chained = { ...members, borgere: listOf(anyText) };

const body: Schema = closed(
  {
    borger: closed(
      {
        urn: { type: 'string', pattern: '^[uU][rR][nN]:[oO][iI][oO]:[cC][pP][rR]-[nN][rR]:\\d{6}-?\\d{4}$' },
      },
      ['urn'],
    ),
    objekt: UUID,
    bruger: line(limits.text.urn),
    system: UUID,
    fra: INSTANT,
    til: INSTANT,
    afvist: {
      type: 'boolean',
      description: 'true: kun det, der blev afvist. false: kun det, der ikke blev.',
    },
    limit,
    cursor: orNull({ type: 'string', minLength: 1, maxLength: limits.text.cursor }),
  },
  [],
  {
    description: 'Netop én af borger, objekt, bruger og system.',
    oneOf: ['borger', 'objekt', 'bruger', 'system'].map((name) => ({ required: [name] })),
  },
);

/** Sikkerhedsloggen, which every service has. */
export const auditPaths = (service: string): Record<string, unknown> => ({
  [`/${service}/v1/sikkerhedslog/soegninger`]: {
    post: operation({
      id: 'soegSikkerhedslog',
      tag,
      summary: 'Søg i sikkerhedsloggen',
      description:
        `Hvem har set denne borger eller dette objekt, og hvad har denne bruger eller dette it-system gjort? De nyeste ` +
        `først, og kun egen kommunes. Kræver ${service}:sikkerhedslog. Søgningen logges selv. En række kan søges frem, når ` +
        'den er kædet, normalt inden for et sekund.',
      body: { required: true, content: { [JSON_TYPE]: body } },
      answers: [
        {
          status: 200,
          description: 'En side. naeste er cursor til den næste, eller null.',
          content: {
            [JSON_TYPE]: closed({ data: listOf(row), naeste: orNull(anyText) }, ['data', 'naeste']),
          },
        },
      ],
    }),
  },
  [`/${service}/v1/sikkerhedslog`]: {
    get: operation({
      id: 'eksporterSikkerhedslog',
      tag,
      summary: 'Eksportér sikkerhedsloggen',
      description:
        `Egen kommunes rækker i kædens rækkefølge, højst ${LONGEST} dage ad gangen. hash er SHA-256 af forrige og raekke (RFC ` +
        `8785). Den sidste linje tæller dem; mangler den, blev eksporten afbrudt. Kræver ${service}:sikkerhedslog.`,
      parameters: [
        period('fra', 'Rækker fra og med dette tidspunkt.'),
        period('til', '… og til (ikke med) dette.'),
      ],
      answers: [
        {
          status: 200,
          description: 'Rækkerne.',
          content: {
            [NDJSON]: {
              anyOf: [
                closed({ plads: place, forrige: hash, hash, raekke: closed(chained, Object.keys(chained)) }, [
                  'plads',
                  'forrige',
                  'hash',
                  'raekke',
                ]),
                closed({ i_alt: { type: 'integer', minimum: 0 } }, ['i_alt']),
              ],
            },
          },
        },
      ],
    }),
  },
  [`/${service}/v1/sikkerhedslog/roedder`]: {
    get: operation({
      id: 'sikkerhedslogRoedder',
      tag,
      summary: 'Sikkerhedsloggens daglige rødder',
      description:
        'Hvor kommunens kæde var nået til hver dag, underskrevet (JWS, ES256), de nyeste først; og den offentlige nøgle.',
      parameters: [{ name: 'limit', in: 'query', description: 'Højst så mange.', schema: limit }],
      answers: [
        {
          status: 200,
          description: 'Rødderne.',
          content: {
            [JSON_TYPE]: closed(
              {
                noegle: { type: 'object', description: 'JWK.' },
                data: listOf(
                  closed({ dag: DAY, plads: place, hash, jws: anyText }, ['dag', 'plads', 'hash', 'jws']),
                ),
              },
              ['noegle', 'data'],
            ),
          },
        },
      ],
    }),
  },
});
