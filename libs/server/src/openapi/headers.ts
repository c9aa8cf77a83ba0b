import { INSTANT, UUID } from './field-schema';
import type { Schema } from './schema';

const header = (description: string, schema: Schema = { type: 'string' }) => ({ description, schema });

/** Headers of answers. */
export const headers = {
  'x-TransaktionsId': header('Transaktionens id, som det blev sendt eller lavet.', UUID),
  'x-TransaktionsTid': header('Transaktionens tidspunkt.', INSTANT),
  traceparent: header('W3C Trace Context.'),
  ETag: header('Registreringens nummer i anførselstegn, til If-Match.', {
    type: 'string',
    pattern: '^"\\d+"$',
  }),
  Location: header('Objektets adresse.'),
  Link: header('rel="next": den næste side.'),
  'Preference-Applied': header(
    'uaendret: intet var anderledes, og der er ingen ny registrering. return=…: som bedt om.',
  ),
  'Idempotent-Replayed': header('true: svaret er det, der blev givet første gang.'),
  'Retry-After': header('Sekunder, før det er værd at prøve igen.'),
  RateLimit: header('Hvor mange forespørgsler der er tilbage, og sekunder, til der er flere.'),
  'RateLimit-Policy': header('Hvor mange forespørgsler (q) på hvor mange sekunder (w).'),
  'WWW-Authenticate': header('Hvilket token der kræves.'),
  Allow: header('Metoder, som adressen tager.'),
};

const inHeader = (
  name: string,
  description: string,
  schema: Schema = { type: 'string' },
  required = false,
) => ({
  name,
  in: 'header',
  required,
  description,
  schema,
});
const inQuery = (name: string, description: string, schema: Schema) => ({
  name,
  in: 'query',
  description,
  schema,
});

/** Parameters that several operations have. */
export const parameters = {
  'x-TransaktionsId': inHeader(
    'x-TransaktionsId',
    'UUID, der følger kaldet i log og hændelser. Laves, hvis den udelades.',
    UUID,
  ),
  uuid: { name: 'uuid', in: 'path', required: true, description: 'Objektets UUID.', schema: UUID },
  nummer: {
    name: 'nummer',
    in: 'path',
    required: true,
    description: 'Registreringens nummer.',
    schema: { type: 'integer', minimum: 1, maximum: 999_999_999 },
  },
  'If-Match': inHeader('If-Match', 'Den ETag, objektet sidst blev læst med. Uden: 428. Forældet: 412.', {
    type: 'string',
    pattern: '^"[1-9]\\d*"$',
  }),
  'If-None-Match': inHeader('If-None-Match', 'En ETag, man har: er den stadig objektets, svares der 304.'),
  'Idempotency-Key': inHeader(
    'Idempotency-Key',
    'UUID for netop denne handling: sendes den igen, gives det samme svar igen.',
    UUID,
  ),
  Prefer: inHeader(
    'Prefer',
    'return=minimal: svar uden objektet. return=representation: med (det sker også uden).',
  ),
  formaal: inHeader('formaal', 'Hvorfor personoplysninger slås op (kode).'),
  udenNotifikation: inQuery('udenNotifikation', 'true: ændringen giver ingen hændelse, der kan læses.', {
    type: 'boolean',
  }),
  virkning: inQuery('virkning', 'alle: hele virkningshistorikken.', { enum: ['alle'] }),
  virkningstid: inQuery('virkningstid', 'Som det gælder på tidspunktet. Udelades det: nu.', INSTANT),
  virkningFra: inQuery('virkningFra', 'Alt, der gælder på noget tidspunkt fra og med dette.', INSTANT),
  virkningTil: inQuery('virkningTil', '… og til (ikke med) dette. Kræver virkningFra.', INSTANT),
  registreringstid: inQuery(
    'registreringstid',
    'Som tjenesten vidste det på tidspunktet. Udelades det: nu.',
    INSTANT,
  ),
  registreringFra: inQuery(
    'registreringFra',
    'Sammen med registreringTil: som tjenesten vidste det lige før perioden sluttede.',
    INSTANT,
  ),
  registreringTil: inQuery('registreringTil', 'Kræver registreringFra.', INSTANT),
};

export const use = (...names: (keyof typeof parameters)[]): Schema[] =>
  names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
