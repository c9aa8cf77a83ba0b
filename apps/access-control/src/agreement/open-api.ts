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
import { mailAdditions } from '../mail/open-api';
import { radarAdditions } from '../radar/open-api';
import type { Command } from './commands';

const JSON_TYPE = 'application/json';
const UUID: Schema = { type: 'string', format: 'uuid' };
const TEXT: Schema = { type: 'string' };
const FLAG: Schema = { type: 'boolean' };
const NUMBER: Schema = { type: 'integer', minimum: 1 };
const INSTANT: Schema = { type: 'string', format: 'date-time' };
const NOTE: Schema = { type: 'string', minLength: 1, maxLength: 1024, description: 'Hvorfor.' };

const all = (properties: Readonly<Record<string, Schema>>): Schema =>
  closed(properties, Object.keys(properties));
const query = (name: string, description: string, schema: Schema) =>
  ({ name, in: 'query', description, schema, required: false }) as const;

const times = { fra: orNull(INSTANT), til: orNull(INSTANT) };
const role = all({ id: TEXT, servicesystemrolle: UUID });
const limit = all({ id: TEXT, rolleId: TEXT, dataafgraensningstype: TEXT, vaerdier: listOf(TEXT) });

interface Words {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly body: Schema;
  readonly required: boolean;
}
const WORDS: Readonly<Record<Command, Words>> = {
  anmod: {
    id: 'anmodOmAftale',
    summary: 'Bed om aftalen',
    description: 'Leverandørens skridt. En testaftale bliver aktiv uden godkendelse.',
    body: closed({ note: orNull(NOTE), ...times }, []),
    required: false,
  },
  traek: {
    id: 'traekAnmodning',
    summary: 'Træk det, der er bedt om',
    description: 'Leverandørens skridt. Er det en ny version, gælder den gamle stadig.',
    body: closed({ note: orNull(NOTE) }, []),
    required: false,
  },
  godkend: {
    id: 'godkendAftale',
    summary: 'Godkend det, der er bedt om',
    description: 'Myndighedens skridt. Gælder fra det tidspunkt, der er bedt om, eller det, der siges her.',
    body: closed({ note: orNull(NOTE), ...times }, []),
    required: false,
  },
  afvis: {
    id: 'afvisAftale',
    summary: 'Afvis det, der er bedt om',
    description: 'Myndighedens skridt, med en begrundelse. Er det en ny version, gælder den gamle stadig.',
    body: closed({ note: NOTE }, ['note']),
    required: true,
  },
  ophaev: {
    id: 'ophaevAftale',
    summary: 'Ophæv aftalen',
    description: 'Myndighedens skridt, med en begrundelse; straks eller fra et tidspunkt.',
    body: closed({ note: NOTE, fra: orNull(INSTANT) }, ['note']),
    required: true,
  },
  'ny-version': {
    id: 'bedOmNyVersion',
    summary: 'Bed om en ny version',
    description: 'Leverandørens skridt. Den gamle version gælder, til den nye er godkendt.',
    body: closed({ note: orNull(NOTE), ...times, rolle: listOf(role), afgraensning: orNull(listOf(limit)) }, [
      'rolle',
    ]),
    required: true,
  },
};

const step = ({ id, summary, description, body, required }: Words) => ({
  post: operation({
    id,
    tag: 'Serviceaftale',
    summary,
    description,
    parameters: use('uuid', 'If-Match', 'Idempotency-Key'),
    body: { required, content: { [JSON_TYPE]: body } },
    answers: [
      {
        status: 200,
        description: 'Aftalen efter skridtet.',
        headers: ['ETag', 'Idempotent-Replayed', 'Preference-Applied'],
        content: { [JSON_TYPE]: ref('Serviceaftale') },
      },
    ],
    problems: [404, 409, 412, 422, 428],
  }),
});

const named = { uuid: UUID, navn: orNull(TEXT), beskrivelse: orNull(TEXT) };
const roleInWords = all({
  id: TEXT,
  servicesystemrolle: UUID,
  navn: TEXT,
  beskrivelse: TEXT,
  service: TEXT,
  afgraensninger: listOf(all({ id: TEXT, navn: TEXT, vaerdier: listOf(all({ vaerdi: TEXT, navn: TEXT })) })),
});

/** The workflow of service agreements beside the operations on the type, the mails about it, and what ends soon. */
export const agreementAdditions: Additions = {
  paths: {
    ...mailAdditions.paths,
    ...radarAdditions.paths,
    ...Object.fromEntries(
      Object.entries(WORDS).map(([command, words]) => [
        `/adgangsstyring/v1/serviceaftaler/{uuid}/${command}`,
        step(words),
      ]),
    ),
    '/adgangsstyring/v1/serviceaftaler/{uuid}/oversigt': {
      get: operation({
        id: 'serviceaftaleOversigt',
        tag: 'Serviceaftale',
        summary: 'Aftalen i ord',
        description: 'Til den, der skal skrive under: hvad der gælder, hvad der er bedt om, og forskellen.',
        parameters: use('uuid'),
        answers: [
          { status: 200, description: 'Aftalen.', content: { [JSON_TYPE]: ref('ServiceaftaleOversigt') } },
        ],
        problems: [404],
      }),
    },
    '/adgangsstyring/v1/serviceaftaler/ventende': {
      get: operation({
        id: 'ventendeServiceaftaler',
        tag: 'Serviceaftale',
        summary: 'Aftaler og nye versioner, der venter på myndigheden',
        parameters: [
          query('limit', 'Højst så mange ad gangen.', { type: 'integer', minimum: 1, maximum: 500 }),
          query('cursor', 'Fra det forrige svars naeste.', TEXT),
        ],
        answers: [
          {
            status: 200,
            description: 'De ventende.',
            content: {
              [JSON_TYPE]: all({ data: listOf(ref('VentendeServiceaftale')), naeste: orNull(TEXT) }),
            },
          },
        ],
      }),
    },
  },
  schemas: {
    ServiceaftaleOversigt: all({
      uuid: UUID,
      navn: orNull(TEXT),
      formaal: orNull(TEXT),
      hjemmel: orNull(TEXT),
      aftaletype: orNull(TEXT),
      videregivelse: FLAG,
      status: orNull(TEXT),
      leverandoer: all({ cvr: orNull(TEXT), navn: orNull(TEXT) }),
      anvendersystem: all(named),
      services: listOf(all(named)),
      gaeldende: orNull(
        all({ version: orNull(NUMBER), fra: INSTANT, til: orNull(INSTANT), roller: listOf(roleInWords) }),
      ),
      anmodet: orNull(
        all({
          version: NUMBER,
          fra: orNull(INSTANT),
          til: orNull(INSTANT),
          begrundelse: orNull(TEXT),
          roller: listOf(roleInWords),
        }),
      ),
      forskelle: listOf(TEXT),
    }),
    VentendeServiceaftale: all({
      uuid: UUID,
      nummer: NUMBER,
      navn: orNull(TEXT),
      formaal: orNull(TEXT),
      leverandoerCvr: orNull(TEXT),
      anvendersystem: orNull(UUID),
      version: orNull(NUMBER),
      nyVersion: FLAG,
      siden: orNull(INSTANT),
    }),
  },
};
