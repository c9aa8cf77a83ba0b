import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Refusal } from '@stoettesystemer/object';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import type { CloudEvent } from './cloud-event';
import { type EventRequest, readEvents } from './read-events';

const ROOT = resolve(__dirname, '../../../../..');
const FILES = resolve(ROOT, process.env['TEST_DATA'] ?? '../shared/data', 'cloudevents');
const isThere = existsSync(FILES);
if (!isThere)
  console.warn(
    `Skipped: the conformance files of CloudEvents are not in ${FILES}; TEST_DATA names the folder.`,
  );
const fileOf = (name: string): string => (isThere ? readFileSync(join(FILES, name), 'utf8') : '');

/** An HTTP request as it stands in the feature: request line, headers, a blank line, the body. */
function requestOf(text: string): EventRequest {
  const [head = '', ...body] = text.split('\n\n');
  const headers = head
    .split('\n')
    .slice(1)
    .map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]);
  return {
    headers: Object.fromEntries(headers) as EventRequest['headers'],
    body: Buffer.from(body.join('\n\n')),
  };
}

const withoutIndent = (text: string): string => {
  const lines = text.split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return lines
    .map((line) => line.slice(indent))
    .join('\n')
    .trim();
};
const attributesOf = ({ data: _, data_base64: __, ...attributes }: CloudEvent) => attributes;

/** The scenarios of the feature, each with every one of its examples. */
function scenarios(): { name: string; text: string }[] {
  const [, ...outlines] = fileOf('features/http-protocol-binding.feature').split('Scenario Outline:');
  return outlines.flatMap((outline) => {
    const [steps = '', examples = ''] = outline.split('Examples:');
    const [column, ...values] = [...examples.matchAll(/^\s*\|\s*(.*?)\s*\|$/gm)].map(([, cell]) => cell!);
    return values.map((value) => ({
      name: `${steps.split('\n')[0]!.trim()}`.replace(`<${column}>`, value),
      text: steps.replaceAll(`<${column}>`, value),
    }));
  });
}

(isThere ? describe : describe.skip)('features/http-protocol-binding.feature', () => {
  const all = scenarios();
  test('there are four scenarios', () => expect(all).toHaveLength(4));

  test.each(all)('$name', ({ text }) => {
    const [request, json] = [...text.matchAll(/"""\n([\s\S]*?)\n\s*"""/g)].map(([, block]) =>
      withoutIndent(block!),
    );
    const [, ...rows] = [...text.matchAll(/^\s*\|\s*(.*?)\s*\|\s*(.*?)\s*\|$/gm)];
    const [event, ...others] = readEvents(requestOf(request!));
    expect(others).toEqual([]);
    expect(attributesOf(event!)).toEqual(Object.fromEntries(rows.map(([, name, value]) => [name, value])));
    expect(event!.data).toEqual(JSON.parse(json!));
  });
});

interface Case {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: string;
}

/** The YAML of these files: a comment, a map of texts, and a block text whose indent its first line gives. */
function casesOf(file: string): Case[] {
  return fileOf(file)
    .split(/^---$/m)
    .map((part) => {
      const [head = '', block = ''] = part.split(/^Data: \|\n/m);
      const pairs = [...head.matchAll(/^ {2}(\w+): (.*)$/gm)].map(([, name, value]) => [name!, value!]);
      const attributes = Object.fromEntries(pairs) as Case['attributes'];
      const indent = /^ */.exec(block)![0].length;
      const data =
        block
          .split('\n')
          .map((line) => line.slice(indent))
          .join('\n')
          .trimEnd() + '\n';
      return { name: `${attributes['id']} ${/# (.*)/.exec(head)?.[1]}`, attributes, data };
    });
}

const isJsonCase = ({ attributes }: Case): boolean => /json/.test(attributes['datacontenttype'] ?? '');
const asBinary = ({ attributes: { datacontenttype, ...attributes }, data }: Case): EventRequest => ({
  headers: {
    'content-type': datacontenttype,
    ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value])),
  },
  body: Buffer.from(data),
});
const inJson = (each: Case): object => ({
  ...each.attributes,
  data: isJsonCase(each) ? (JSON.parse(each.data) as unknown) : each.data,
});
const asStructured = (each: Case): EventRequest => ({
  headers: { 'content-type': 'application/cloudevents+json' },
  body: Buffer.from(JSON.stringify(inJson(each))),
});

(isThere ? describe : describe.skip)('conformance-yaml/v1.0', () => {
  const cases = casesOf('conformance-yaml/v1.0/v1_minimum.yaml');
  test('there are six events', () => expect(cases).toHaveLength(6));

  test.each(cases)('$name, in binary mode and in structured mode, is the same event', (each) => {
    const expected = inJson(each);
    expect(readEvents(asBinary(each))).toEqual([expected]);
    expect(readEvents(asStructured(each))).toEqual([expected]);
  });

  test('all of them in one batch', () => {
    const body = Buffer.from(JSON.stringify(cases.map(inJson)));
    const headers = { 'content-type': 'application/cloudevents-batch+json; charset=UTF-8' };
    expect(readEvents({ headers, body })).toEqual(cases.map(inJson));
  });

  test('each is valid by the JSON Schema of the format', () => {
    const ajv = new Ajv({ strict: false });
    (formats as unknown as (ajv: Ajv) => void)(ajv);
    const isValid = ajv.compile(JSON.parse(fileOf('cloudevents-1.0.schema.json')) as object);
    for (const each of cases)
      expect([isValid(readEvents(asStructured(each))[0]), isValid.errors]).toEqual([true, null]);
  });
});

(isThere ? describe : describe.skip)('conformance-yaml/v0.3: another version than 1.0', () => {
  const cases = casesOf('conformance-yaml/v0.3/v03_minimum.yaml');

  test.each(cases)('$name is refused by name, in both modes', (each) => {
    for (const request of [asBinary(each), asStructured(each)]) {
      let refusal: Refusal | null = null;
      try {
        readEvents(request);
      } catch (cause) {
        refusal = cause as Refusal;
      }
      expect(refusal).toMatchObject({ status: 400, fejl: [{ sti: '/specversion', kode: 'specversion' }] });
    }
  });

  test('there are six', () => expect(cases).toHaveLength(6));
});

(isThere ? describe : describe.skip)('cloudevents-1.0.schema.json', () => {
  const schema = JSON.parse(fileOf('cloudevents-1.0.schema.json') || '{}') as {
    required: string[];
    properties: Record<string, { examples?: unknown[] }>;
  };
  const base = { specversion: '1.0', id: 'a', source: '/a', type: 'a' };
  const read = (event: object) =>
    readEvents({
      headers: { 'content-type': 'application/cloudevents+json' },
      body: Buffer.from(JSON.stringify(event)),
    });

  test('every example of every attribute is taken', () => {
    let tried = 0;
    for (const [name, { examples = [] }] of Object.entries(schema.properties))
      for (const example of examples) {
        const event = { ...base, [name]: example };
        expect(read(event)).toEqual([event]);
        tried++;
      }
    expect(tried).toBeGreaterThan(15);
  });

  test('what the schema requires, we require', () => {
    for (const name of schema.required)
      expect(() => read({ ...base, [name]: undefined })).toThrow(
        expect.objectContaining({ fejl: [expect.objectContaining({ sti: `/${name}`, kode: 'paakraevet' })] }),
      );
  });

  test('what the schema lets be null is as not there', () => {
    const nulls = { datacontenttype: null, dataschema: null, subject: null, time: null, data_base64: null };
    expect(read({ ...base, ...nulls })).toEqual([base]);
  });
});
