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
import { xapiAdditions } from '../xapi/open-api';

const JSON_TYPE = 'application/json';
const TEXT: Schema = { type: 'string' };
const UUID: Schema = { type: 'string', format: 'uuid' };
const CVR: Schema = { type: 'string', pattern: '^[1-9]\\d{7}$' };
const INSTANT: Schema = { type: 'string', format: 'date-time' };
const NOTE: Schema = { type: 'string', minLength: 1, maxLength: 1024 };

const body = { required: false, content: { [JSON_TYPE]: ref('Trin') } };
const answer = (schema: Schema, description: string, headers: readonly string[] = []) => ({
  status: 200,
  description,
  headers,
  content: { [JSON_TYPE]: schema },
});
const owner = {
  name: 'ejer',
  in: 'path',
  required: true,
  description: 'CVR-nummeret på den myndighed, der har delegeret.',
  schema: CVR,
} as const;

const decision = (id: string, summary: string, description: string) => ({
  post: operation({
    id,
    tag: 'Jobfunktionsrolle',
    summary,
    description: `${description} Kræver adgangsstyring:godkend-rolle.`,
    parameters: use('uuid', 'If-Match', 'Idempotency-Key'),
    body,
    answers: [answer(ref('Jobfunktionsrolle'), 'Rollen, som den nu er.', ['ETag', 'Idempotent-Replayed'])],
    problems: [404, 409, 412, 422, 428],
  }),
});
const step = (id: string, summary: string) => ({
  post: operation({
    id,
    tag: 'Delegation',
    summary,
    parameters: [owner, ...use('uuid', 'If-Match')],
    body,
    answers: [answer(ref('Delegation'), 'Delegationen, som den nu er.', ['ETag'])],
    problems: [404, 409, 412, 422, 428],
  }),
});

const fault = { rolleId: TEXT, dataafgraensningstype: TEXT, kode: TEXT, besked: TEXT };
const NEEDED = ['rolleId', 'kode', 'besked'];
const PATH = '/adgangsstyring/v1';

export const rolesAdditions: Additions = {
  paths: {
    ...xapiAdditions.paths,
    [`${PATH}/jobfunktionsroller/{uuid}/godkend`]: decision(
      'godkendJobfunktionsrolle',
      'Godkend en rolle, der skal to til',
      'Den, der har ændret rollen siden sidste godkendelse, kan ikke selv godkende den.',
    ),
    [`${PATH}/jobfunktionsroller/{uuid}/afvis`]: decision(
      'afvisJobfunktionsrolle',
      'Afvis en rolle, der skal to til',
      'Den virker ikke, før den er ændret og godkendt.',
    ),
    [`${PATH}/jobfunktionsroller/{uuid}/gyldighed`]: {
      get: operation({
        id: 'jobfunktionsrolleGyldighed',
        tag: 'Jobfunktionsrolle',
        summary: 'Hvad der er blevet ugyldigt i en rolle, og siden hvornår',
        description: 'Leverandører kan ændre roller og tilladte værdier, efter at rollen er lavet.',
        parameters: use('uuid'),
        answers: [answer(ref('Gyldighed'), 'Fejlene; ingen, når rollen er gyldig.')],
        problems: [404],
      }),
    },
    [`${PATH}/jobfunktionsroller/ugyldige`]: {
      get: operation({
        id: 'ugyldigeJobfunktionsroller',
        tag: 'Jobfunktionsrolle',
        summary: 'De af myndighedens roller, som noget er blevet ugyldigt i',
        parameters: [
          { name: 'cursor', in: 'query', description: 'Til næste side, som den blev givet.', schema: TEXT },
        ],
        answers: [
          answer(
            closed({ data: listOf(ref('UgyldigRolle')), naeste: orNull(TEXT) }, ['data', 'naeste']),
            'En side kan være tom, og der kan være flere.',
          ),
        ],
      }),
    },
    [`${PATH}/delegationer/modtagne`]: {
      get: operation({
        id: 'modtagneDelegationer',
        tag: 'Delegation',
        summary: 'Roller, som andre har delegeret til myndigheden',
        description: 'Rollen kan læses, så længe delegationen er anmodet eller accepteret.',
        answers: [answer(closed({ data: listOf(ref('ModtagetDelegation')) }, ['data']), 'Delegationerne.')],
      }),
    },
    [`${PATH}/delegationer/modtagne/{ejer}/{uuid}/accepter`]: step(
      'accepterDelegation',
      'Sig ja til en rolle',
    ),
    [`${PATH}/delegationer/modtagne/{ejer}/{uuid}/afvis`]: step('afvisDelegation', 'Sig nej til en rolle'),
    [`${PATH}/delegationer/modtagne/{ejer}/{uuid}/ophaev`]: step('ophaevDelegation', 'Giv en rolle fra sig'),
  },
  schemas: {
    ...xapiAdditions.schemas,
    Trin: closed({ note: orNull(NOTE) }, []),
    Gyldighed: closed(
      {
        uuid: UUID,
        gyldig: { type: 'boolean' },
        fejl: listOf(closed({ ...fault, siden: orNull(INSTANT) }, [...NEEDED, 'siden'])),
      },
      ['uuid', 'gyldig', 'fejl'],
    ),
    UgyldigRolle: closed({ uuid: UUID, navn: TEXT, fejl: listOf(closed(fault, NEEDED)) }, [
      'uuid',
      'navn',
      'fejl',
    ]),
    ModtagetDelegation: closed(
      {
        ejer: CVR,
        status: TEXT,
        delegation: ref('Delegation'),
        jobfunktionsrolle: orNull(ref('Jobfunktionsrolle')),
      },
      ['ejer', 'status', 'delegation', 'jobfunktionsrolle'],
    ),
  },
};
