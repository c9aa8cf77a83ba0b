import { LIFECYCLES } from '../intake/input-class';
import { limits } from '../settings';
import { CVR, INSTANT, line, URN, UUID } from './field-schema';
import { closed, listOf, orNull, ref, type Schema } from './schema';

const { text } = limits;

const about: Record<string, Schema> = {
  aktoerRef: ref('Reference'),
  aktoerType: line(text.word),
  note: line(text.note),
};

/** The parts that all types have in common. */
export const sharedSchemas: Readonly<Record<string, Schema>> = {
  Reference: {
    description: 'Peger på et objekt ved UUID eller på noget uden for tjenesten ved URN.',
    oneOf: [
      closed({ uuid: UUID, label: line(text.label) }, ['uuid']),
      closed({ urn: URN, label: line(text.label) }, ['urn']),
    ],
  },
  Virkning: closed({ fra: INSTANT, til: orNull(INSTANT), ...about }, ['fra', 'til'], {
    description: 'Hvornår det gælder: fra og med fra, til (og ikke med) til. til null er åben.',
  }),
  VirkningInd: closed({ fra: INSTANT, til: orNull(INSTANT), ...about }, ['fra'], {
    description: 'Hvornår det gælder: fra og med fra, til (og ikke med) til. til udeladt eller null er åben.',
  }),
  Registrering: closed(
    {
      nummer: { type: 'integer', minimum: 1 },
      fra: INSTANT,
      til: orNull(INSTANT),
      livscyklus: { enum: LIFECYCLES },
      brugerRef: ref('Reference'),
      note: line(text.note),
    },
    ['nummer', 'fra', 'til', 'livscyklus'],
    { description: 'Hvornår tjenesten vidste det. Sættes af tjenesten.' },
  ),
  Registreringer: closed(
    { data: listOf(ref('Registrering')), naeste: orNull({ type: 'string' }) },
    ['data', 'naeste'],
    {
      description: 'Den nyeste først. naeste er cursor til den næste side, eller null.',
    },
  ),
  Laes: closed({ uuid: listOf(UUID, { maxItems: limits.readMany }) }, ['uuid']),
  Note: closed({ note: orNull(line(text.note)) }, []),
  Fejl: closed(
    {
      sti: { type: 'string', description: 'JSON pointer ind i indholdet, eller ?navn på en parameter.' },
      kode: { type: 'string' },
      besked: { type: 'string' },
      linje: { type: 'integer', minimum: 1, description: 'Stedet i en fil.' },
      kolonne: { type: 'integer', minimum: 1 },
    },
    ['sti', 'kode', 'besked'],
  ),
  Problem: closed(
    {
      type: { type: 'string', pattern: '^urn:stoettesystemerne:fejl:[a-z0-9_]+$' },
      title: { type: 'string' },
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: { type: 'string' },
      instance: { type: 'string', pattern: '^urn:uuid:[0-9a-f-]{36}$' },
      kode: { type: 'string', pattern: '^[a-z0-9_]+$' },
      oioStatus: { enum: [20, 40, 41, 44, 49] },
      fejl: listOf(ref('Fejl')),
    },
    ['type', 'title', 'status', 'detail', 'instance', 'kode', 'oioStatus', 'fejl'],
    { description: 'RFC 9457. title og detail er på dansk; kode er fast og kan programmeres efter.' },
  ),
  Haendelse: {
    type: 'object',
    description: 'CloudEvents 1.0. Se asyncapi.json for hver hændelsestype.',
    properties: {
      specversion: { const: '1.0' },
      id: UUID,
      source: { type: 'string' },
      type: { type: 'string' },
      subject: UUID,
      time: INSTANT,
      datacontenttype: { const: 'application/json' },
      dataschema: { type: 'string' },
      sequence: { type: 'string', pattern: '^\\d{20}$' },
      beskedtype: UUID,
      objekttype: { type: 'string' },
      objekthandling: { type: 'string' },
      ansvarligmyndighed: CVR,
      opgaveemne: { type: 'string' },
      foelsomhed: { type: 'string' },
      traceparent: { type: 'string' },
      data: closed(
        {
          uuid: UUID,
          nummer: { type: 'integer', minimum: 1 },
          aendret: listOf({ type: 'string' }),
          dataref: { type: 'string' },
        },
        ['uuid', 'nummer', 'aendret', 'dataref'],
      ),
    },
    required: [
      'specversion',
      'id',
      'source',
      'type',
      'subject',
      'time',
      'sequence',
      'objekttype',
      'objekthandling',
      'ansvarligmyndighed',
      'data',
    ],
    additionalProperties: false,
  },
  FeedTilstand: closed(
    { epoke: UUID, foerste: { type: 'integer', minimum: 0 }, sidste: { type: 'integer', minimum: 0 } },
    ['epoke', 'foerste', 'sidste'],
    { description: 'Epoken skifter, når databasen er genskabt; så begynder læseren forfra.' },
  ),
  Linjesvar: {
    description: 'Svaret på én linje, i linjernes rækkefølge.',
    ...closed(
      {
        linje: { type: 'integer', minimum: 1 },
        uuid: UUID,
        status: { type: 'integer' },
        fejl: listOf(ref('Fejl')),
      },
      ['linje', 'status'],
    ),
  },
  Importtal: closed(
    Object.fromEntries(
      ['i_alt', 'oprettet', 'rettet', 'uaendret', 'afvist'].map((name) => [
        name,
        { type: 'integer', minimum: 0 },
      ]),
    ),
    ['i_alt', 'oprettet', 'rettet', 'uaendret', 'afvist'],
    { description: 'Den sidste linje. Mangler den, blev importen afbrudt; send filen igen.' },
  ),
  Sundhed: closed(
    {
      status: { enum: ['oppe', 'klar', 'ikke_klar'] },
      dele: { type: 'object', additionalProperties: { enum: ['oppe', 'nede'] } },
    },
    ['status'],
  ),
};
