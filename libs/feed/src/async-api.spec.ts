import { Journal, Ting } from '@stoettesystemer/testing';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { asyncApi } from './async-api';
import { type FeedRow, toCloudEvent } from './cloud-event';

type Json = Record<string, unknown>;
const document = asyncApi('proeve', [Ting, Journal]);
const at = (pointer: string): unknown =>
  pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((node, key) => (node as Json)[key], document);
/** Every `$ref` in the document. */
const refsIn = (node: unknown): string[] =>
  typeof node !== 'object' || node === null
    ? []
    : Object.entries(node).flatMap(([key, value]) => (key === '$ref' ? [value as string] : refsIn(value)));

const row: FeedRow = {
  pos: 4711,
  owner: 12345678,
  registration: '3f2b8f0e-7a63-4a0e-9d0b-0d3b1c5a9e11',
  type: 'Journal',
  object_id: '6c0ad0a5-4e2c-4c3f-9e0f-0a8f5a0b1c2d',
  number: 3,
  action: 'rettet',
  time: '2026-11-23T10:15:30.123456Z',
  changed: '["egenskaber"]',
  kle: '27.18.02',
  foelsomhed: 'VIP_SAGER',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};
const event = toCloudEvent('proeve', Journal, row);

/** What the document says of one message's payload. */
function validatorOf(message: string): (value: unknown) => boolean {
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
  ajv.addSchema({ $id: 'https://proeve.invalid/', components: (document as Json)['components'] as Json });
  const validate = ajv.compile({ $ref: `https://proeve.invalid/#/components/messages/${message}/payload` });
  return (value) => validate(value);
}

it('is AsyncAPI 3.0 with what that version requires', () => {
  expect(document).toMatchObject({
    asyncapi: '3.0.0',
    info: { title: expect.any(String), version: expect.any(String) },
    channels: { haendelser: { address: '/proeve/v1/haendelser' } },
    operations: { haendelser: { action: 'send', channel: { $ref: '#/channels/haendelser' } } },
  });
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
});

it('refers to nothing that is not there, and from an operation only to its channel’s messages', () => {
  const refs = refsIn(document);
  expect(refs.length).toBeGreaterThan(20);
  expect(refs.filter((ref) => at(ref) === undefined)).toEqual([]);
  const { messages } = at('#/operations/haendelser') as { messages: { $ref: string }[] };
  for (const { $ref } of messages) expect($ref).toMatch(/^#\/channels\/haendelser\/messages\//);
});

it('has a message for every action on every type, with its own type and beskedtype', () => {
  const messages = Object.values(
    at('#/components/messages') as Record<string, { name: string; payload: Json }>,
  );
  expect(messages.map(({ name }) => name)).toContain('dk.stoettesystemerne.proeve.ting.slettet.v1');
  expect(new Set(messages.map(({ name }) => name)).size).toBe(10);
  const beskedtyper = messages.map(({ payload }) => (payload['properties'] as Json)['beskedtype']);
  expect(new Set(beskedtyper.map((each) => JSON.stringify(each))).size).toBe(10);
});

describe('the schema of a message', () => {
  const isValid = validatorOf('Journal.rettet');

  it('takes the event it is about, with all that can be known and with the least', () => {
    expect(isValid(event)).toBe(true);
    const least = toCloudEvent('proeve', Journal, { ...row, kle: null, foelsomhed: null, traceparent: null });
    expect(isValid(least)).toBe(true);
  });

  it('takes no event of another type or action, and none that is not whole', () => {
    expect(isValid(toCloudEvent('proeve', Ting, { ...row, type: 'Ting' }))).toBe(false);
    expect(isValid(toCloudEvent('proeve', Journal, { ...row, action: 'slettet' }))).toBe(false);
    expect(isValid(toCloudEvent('anden', Journal, row))).toBe(false);
    for (const name of Object.keys(event).filter(
      (each) => !['opgaveemne', 'foelsomhed', 'traceparent'].includes(each),
    ))
      expect([
        name,
        isValid(Object.fromEntries(Object.entries(event).filter(([key]) => key !== name))),
      ]).toEqual([name, false]);
    expect(isValid({ ...event, data: { ...event.data, navn: 'x' } })).toBe(false);
    expect(isValid({ ...event, sequence: '4711' })).toBe(false);
  });
});
