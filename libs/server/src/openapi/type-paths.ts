import type { Declaration } from '@stoettesystemer/object';
import { AS_OF } from '../request/as-of';
import { JSON_TYPE } from '../request/media-type';
import { hasBeginning } from '../request/operand';
import { type SearchField, searchFieldsOf } from '../request/search-fields';
import { limits } from '../settings';
import { use } from './headers';
import { operation, type Parameter } from './operation';
import { ref, type Schema } from './schema';

const json = (name: string): Record<string, Schema> => ({ [JSON_TYPE]: ref(name) });
const taking = (name: string, required = true) => ({ required, content: json(name) });
const asOf = use(...AS_OF);

const query = (name: string, description: string, schema: Schema = { type: 'string' }): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
});

const page: Parameter[] = [
  query('limit', 'Højst så mange.', {
    type: 'integer',
    minimum: 1,
    maximum: limits.search.most,
    default: limits.search.limit,
  }),
  query('cursor', 'naeste fra den forrige side.'),
];
const result: Parameter[] = [
  query('sorter', 'Felter, adskilt af komma; - foran er faldende.'),
  query('vis', "uuid: kun UUID'er. Ellers navne på dele af objektet, adskilt af komma."),
  query('antal', 'true: svaret har det samlede antal.', { type: 'boolean' }),
  ...page,
];

const describe = (field: SearchField): string => {
  if (field.kind === 'prose') return field.doc;
  const values = field.values ? ` En af: ${field.values.join(', ')}.` : '';
  return `${field.doc}${values}${hasBeginning(field) ? ' * til sidst: begynder med.' : ''} Komma: en af.`;
};

/** The paths of one type: every operation of contract §3. */
export function typePaths(service: string, type: Declaration): Record<string, unknown> {
  const { name, path, deletion } = type;
  const tag = name;
  const base = `/${service}/v1/${path}`;
  const one = `${base}/{uuid}`;
  const changing = [...use('Prefer'), ...(deletion === 'physical' ? use('udenNotifikation') : [])];
  const object = {
    description: 'Objektet efter ændringen; uden indhold ved return=minimal.',
    content: json(name),
  };
  const changed = { ...object, status: 200, headers: ['ETag', 'Preference-Applied'] };
  const made = { ...object, status: 201, headers: ['ETag', 'Location', 'Preference-Applied'] };
  const pageOf = {
    status: 200,
    description: 'En side; tom, når intet svarer til søgningen.',
    content: json(`${name}Side`),
  };
  const fields = searchFieldsOf(type).filter(({ personal }) => !personal);
  return {
    [base]: {
      get: operation({
        id: `soeg${name}`,
        tag,
        summary: 'Søg',
        description: 'Alle parametre skal passe. Oplysninger om personer søges med POST …/soegninger.',
        parameters: [...fields.map((field) => query(field.name, describe(field))), ...result, ...asOf],
        answers: [{ ...pageOf, headers: ['Link'] }],
        problems: [422],
      }),
      post: operation({
        id: `opret${name}`,
        tag,
        summary: 'Opret',
        description: 'Tjenesten laver objektets UUID.',
        parameters: [...use('Idempotency-Key'), ...changing],
        body: taking(`${name}Opret`),
        answers: [{ ...made, headers: [...made.headers, 'Idempotent-Replayed'] }],
        problems: [409, 422],
      }),
    },
    [`${base}/soegninger`]: {
      post: operation({
        id: `soeg${name}MedIndhold`,
        tag,
        summary: 'Søg med et udtryk i indholdet',
        parameters: [...use('formaal'), ...asOf],
        body: taking(`${name}Soegning`),
        answers: [pageOf],
        problems: [422],
      }),
    },
    [`${base}/laes`]: {
      post: operation({
        id: `laesMange${name}`,
        tag,
        summary: 'Læs mange',
        description: 'Dem, der ikke findes eller ikke må ses, er ikke med i svaret.',
        parameters: [...use('formaal'), ...asOf],
        body: taking('Laes'),
        answers: [{ status: 200, description: 'Objekterne.', content: json(`${name}Liste`) }],
        problems: [422],
      }),
    },
    [one]: {
      parameters: use('uuid'),
      get: operation({
        id: `laes${name}`,
        tag,
        summary: 'Læs',
        parameters: [...use('formaal', 'If-None-Match'), ...asOf],
        answers: [
          { status: 200, description: 'Objektet.', headers: ['ETag'], content: json(name) },
          { status: 304, description: 'Som man har det.', headers: ['ETag'] },
        ],
        problems: [404, 422],
      }),
      put: operation({
        id: `importer${name}`,
        tag,
        summary: 'Importér',
        description:
          'Kalderen har valgt UUID. Et passiveret eller slettet objekt vækkes til live. If-None-Match: * skriver kun, hvis der intet er.',
        parameters: [...use('If-Match', 'If-None-Match'), ...changing],
        body: taking(`${name}Opret`),
        answers: [made, changed],
        problems: [404, 409, 412, 422, 428],
      }),
      patch: operation({
        id: `ret${name}`,
        tag,
        summary: 'Ret',
        description:
          'Hvert led siger, hvad der gælder i dets egen virkning; alt uden for bliver, som det var.',
        parameters: [...use('If-Match'), ...changing],
        body: taking(`${name}Ret`),
        answers: [changed],
        problems: [404, 409, 412, 422, 428],
      }),
      delete: operation({
        id: `slet${name}`,
        tag,
        summary: 'Slet',
        description:
          deletion === 'physical' ? 'Objektet fjernes.' : 'Objektet skjules; dets historik bliver.',
        parameters: [...use('If-Match'), ...changing],
        body: taking('Note', false),
        answers: [{ status: 204, description: 'Slettet.' }],
        problems: [404, 409, 412, 422, 428],
      }),
    },
    [`${one}/passiver`]: {
      parameters: use('uuid'),
      post: operation({
        id: `passiver${name}`,
        tag,
        summary: 'Passivér',
        description: 'Objektet vedligeholdes ikke mere og er ude af søgninger.',
        parameters: [...use('If-Match', 'Idempotency-Key'), ...changing],
        body: taking('Note', false),
        answers: [{ ...changed, headers: [...changed.headers, 'Idempotent-Replayed'] }],
        problems: [404, 409, 412, 422, 428],
      }),
    },
    [`${one}/registreringer`]: {
      parameters: use('uuid'),
      get: operation({
        id: `historik${name}`,
        tag,
        summary: 'Historik',
        parameters: [...use('formaal'), ...page],
        answers: [
          {
            status: 200,
            description: 'Registreringerne, den nyeste først.',
            content: json('Registreringer'),
          },
        ],
        problems: [404],
      }),
    },
    [`${one}/registreringer/{nummer}`]: {
      parameters: use('uuid', 'nummer'),
      get: operation({
        id: `registrering${name}`,
        tag,
        summary: 'Objektet efter en registrering',
        parameters: use('formaal', 'If-None-Match'),
        answers: [
          {
            status: 200,
            description: 'Objektet med hele sin virkningshistorik.',
            headers: ['ETag'],
            content: json(name),
          },
          { status: 304, description: 'Som man har det.', headers: ['ETag'] },
        ],
        problems: [404],
      }),
    },
  };
}
