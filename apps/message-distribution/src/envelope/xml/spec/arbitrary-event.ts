import { parseJson } from '@stoettesystemer/server';
import fc from 'fast-check';
import type { CloudEvent } from '../../cloud-event/cloud-event';

const uuid = fc.uuid();
const cvr = fc.stringMatching(/^[1-9]\d{7}$/);
const word = fc.stringMatching(/^[A-Za-zÆØÅæøå][A-Za-z0-9._:-]{0,12}$/);
/** Without what no attribute may hold, and without what would look like a CPR number. */
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .map((each) => each.replace(/[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\d]/gu, 'x'));
const person = fc.stringMatching(/^[A-Za-z0-9_-]{43}$/).map((hash) => `cpr-hmac:${hash}`);
const related = fc.oneof(uuid, person, fc.constantFrom('urn:oio:pnr:1003388394', 'urn:oio:kle:27.18.02'));
const listOf = (each: fc.Arbitrary<string>) =>
  fc.uniqueArray(each, { minLength: 1, maxLength: 4 }).map((values) => values.join(','));

/** JSON that may be sent to us: without numbers that would be rounded, and names that are not let in. */
const json = fc
  .jsonValue()
  .map((value) => JSON.stringify(value))
  .filter((written) => {
    try {
      return parseJson(written) !== undefined;
    } catch {
      return false;
    }
  })
  .map((written) => JSON.parse(written) as unknown);

const content = fc.oneof(
  fc.record({ data: json }),
  fc.record({
    data: json,
    datacontenttype: fc.constantFrom('application/json', 'application/vnd.x+json; charset=utf-8'),
  }),
  fc.record({
    data: fc.string({ unit: 'grapheme' }).map((each) => each.replace(/\p{Cs}/gu, '')),
    datacontenttype: fc.constantFrom('text/plain', 'application/xml', 'application/x-egen'),
  }),
  fc.record(
    {
      data_base64: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
      datacontenttype: fc.constantFrom('image/png', 'application/json', 'text/plain'),
    },
    { requiredKeys: ['data_base64'] },
  ),
  fc.record({ datacontenttype: fc.constant('application/json') }),
  fc.constant({}),
);

const time = fc.oneof(
  fc.constantFrom('2026-11-23T10:15:30.1234567Z', '2026-11-23t10:15:30z', '2026-11-23T10:15:30+01:00'),
  fc.constantFrom('2026-11-23T10:15:30Z', '1999-12-31T23:59:59.000001Z'),
);

const attributes = fc.record(
  {
    specversion: fc.constant('1.0' as const),
    id: fc.oneof(uuid, text),
    source: fc.oneof(
      fc.constantFrom('/klassifikation/12345678', 'https://a.dk/b?c=%20'),
      uuid.map((each) => `urn:oio:it-system-uuid:${each}`),
    ),
    type: text,
    beskedtype: uuid,
    ansvarligmyndighed: cvr,
    subject: fc.oneof(uuid, text, person, fc.constant('urn:oio:kle:27.18.02')),
    time,
    objekttype: fc.oneof(word, uuid),
    objekthandling: fc.oneof(word, uuid),
    opgaveemne: fc.oneof(uuid, fc.constantFrom('27', '27.18', '27.18.02')),
    foelsomhed: fc.constantFrom(
      'IKKE_FORTROLIGE_DATA',
      'FORTROLIGE_PERSONOPLYSNINGER',
      'FOELSOMME_PERSONOPLYSNINGER',
      'VIP_SAGER',
    ),
    tilladtmodtager: listOf(cvr),
    relateretobjekt: listOf(related),
    sequence: fc.constant('00000000000000004711'),
    dataschema: fc.constant('urn:stoettesystemerne:skema:klassifikation:haendelse:v1'),
    egen: fc.oneof(text, fc.boolean(), fc.integer({ min: -1000, max: 1000 })),
  },
  { requiredKeys: ['specversion', 'id', 'source', 'type', 'beskedtype', 'ansvarligmyndighed'] },
);

/** Any event that may be distributed. */
export const event: fc.Arbitrary<CloudEvent> = fc
  .tuple(attributes, content)
  .map(([said, held]) => ({ ...said, ...held }));
