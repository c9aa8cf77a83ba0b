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
const TAG = 'Eksisterende rolleværktøjer';
const PATH = '/adgangsstyring/xapi/jobfunktionsroller';
const UUID: Schema = { type: 'string', format: 'uuid' };
const TEXT: Schema = { type: 'string' };
const FLAG: Schema = { type: 'boolean' };
const CVR: Schema = { type: 'string', pattern: '^[1-9]\\d{7}$' };
const CVRS: Schema = { type: 'string', pattern: '^[1-9]\\d{7}(,[1-9]\\d{7})*$' };
const VERSION: Schema = { type: 'integer', minimum: 1, maximum: 999_999_999 };
const line = (maxLength: number, minLength = 1): Schema => ({
  type: 'string',
  minLength,
  maxLength,
  pattern: '^[^\\p{Cc}\\p{Zl}\\p{Zp}]*$',
});

const answer = (status: number, description: string, schema?: Schema, headers: readonly string[] = []) => ({
  status,
  description,
  headers,
  ...(schema ? { content: { [JSON_TYPE]: schema } } : {}),
});
const body = { required: true, content: { [JSON_TYPE]: ref('XapiJobfunktionsrolleInd') } };
const REFUSED = 'Indhold, der afvises, er 406 med grundene i fejl.';

const roles = {
  get: operation({
    id: 'xapiJobfunktionsroller',
    tag: TAG,
    summary: 'Myndighedens roller, og dem, der er delegeret til den',
    answers: [answer(200, 'Rollerne, som de gælder nu.', listOf(ref('XapiJobfunktionsrolle')))],
  }),
  post: operation({
    id: 'opretXapiJobfunktionsrolle',
    tag: TAG,
    summary: 'Lav en jobfunktionsrolle',
    description: REFUSED,
    body,
    answers: [answer(201, 'Rollen.', ref('XapiJobfunktionsrolle'), ['ETag', 'Location'])],
    problems: [404, 409],
  }),
};
const role = {
  get: operation({
    id: 'xapiJobfunktionsrolle',
    tag: TAG,
    summary: 'En jobfunktionsrolle',
    parameters: use('uuid'),
    answers: [answer(200, 'Rollen, som den gælder nu.', ref('XapiJobfunktionsrolle'), ['ETag'])],
    problems: [404],
  }),
  put: operation({
    id: 'retXapiJobfunktionsrolle',
    tag: TAG,
    summary: 'Skriv en jobfunktionsrolle, som den skal være fra nu af',
    description: `${REFUSED} version skal være den, rollen blev læst med; ellers 409.`,
    parameters: use('uuid'),
    body,
    answers: [answer(200, 'Rollen.', ref('XapiJobfunktionsrolle'), ['ETag'])],
    problems: [404, 409],
  }),
  delete: operation({
    id: 'sletXapiJobfunktionsrolle',
    tag: TAG,
    summary: 'Slet en jobfunktionsrolle',
    parameters: use('uuid'),
    answers: [answer(204, 'Den er slettet.')],
    problems: [404, 409],
  }),
};

const membersOf = (description: Schema, name: Schema) => ({
  uuid: UUID,
  navn: name,
  entityId: line(500),
  beskrivelse: description,
  organisationCvr: CVR,
  delegeretTilCvr: CVRS,
  version: VERSION,
  brugersystemrolleDataafgraensninger: listOf(
    closed(
      {
        brugersystemrolleUuid: UUID,
        dataafgraensningsVaerdier: listOf(
          closed(
            {
              navn: line(500, 0),
              vaerdi: line(20_000, 0),
              dynamisk: FLAG,
              dataafgraensningstypeEntityId: line(500),
              dataafgraensningstypeNavn: line(500, 0),
            },
            ['dataafgraensningstypeEntityId'],
          ),
          { maxItems: 500 },
        ),
      },
      ['brugersystemrolleUuid'],
    ),
    { maxItems: 500 },
  ),
});

export const xapiAdditions: Additions = {
  paths: {
    [PATH]: roles,
    [`${PATH}/{uuid}`]: role,
    [`${PATH}/brugervendtesystemer`]: {
      get: operation({
        id: 'xapiBrugervendteSystemer',
        tag: TAG,
        summary: 'De systemer, som myndigheden kan give roller i',
        answers: [answer(200, 'Systemerne.', listOf(ref('XapiSystem')))],
      }),
    },
    [`${PATH}/brugervendtesystemer/{uuid}/roller`]: {
      get: operation({
        id: 'xapiBrugersystemroller',
        tag: TAG,
        summary: 'Rollerne i et system, og hvad de kan afgrænses ved',
        parameters: use('uuid'),
        answers: [answer(200, 'Rollerne.', listOf(ref('XapiBrugersystemrolle')))],
        problems: [404],
      }),
    },
  },
  schemas: {
    XapiJobfunktionsrolle: closed(membersOf(TEXT, TEXT), [
      'uuid',
      'navn',
      'entityId',
      'organisationCvr',
      'version',
      'brugersystemrolleDataafgraensninger',
    ]),
    XapiJobfunktionsrolleInd: closed(
      membersOf({ type: 'string', maxLength: 4000, pattern: '^([^\\p{Cc}]|[\\t\\n\\r])*$' }, line(200)),
      ['navn', 'entityId', 'brugersystemrolleDataafgraensninger'],
    ),
    XapiSystem: closed(
      {
        uuid: UUID,
        navn: TEXT,
        organisationNavn: TEXT,
        organisationCvr: TEXT,
        changedDate: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' },
      },
      ['uuid', 'navn', 'organisationNavn', 'organisationCvr', 'changedDate'],
    ),
    XapiBrugersystemrolle: closed(
      {
        uuid: UUID,
        navn: TEXT,
        entityId: TEXT,
        beskrivelse: TEXT,
        dataafgraensningstyper: listOf(
          closed({ kraevet: FLAG, dataafgraensningstype: ref('XapiDataafgraensningstype') }, [
            'kraevet',
            'dataafgraensningstype',
          ]),
        ),
      },
      ['uuid', 'navn', 'entityId', 'dataafgraensningstyper'],
    ),
    XapiDataafgraensningstype: closed(
      {
        uuid: UUID,
        entityId: TEXT,
        navn: TEXT,
        beskrivelse: TEXT,
        type: { enum: ['SINGLE', 'MULTI', 'TEXT', 'ITSYSTEM', 'ITSYSTEM_MULTI'] },
        regulaertUdtryk: orNull(TEXT),
        vaerdiListe: listOf(closed({ navn: TEXT, vaerdi: TEXT }, ['navn', 'vaerdi'])),
        isCommon: FLAG,
      },
      ['uuid', 'entityId', 'navn', 'type', 'vaerdiListe', 'isCommon'],
    ),
  },
};
