import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import { type CloudEvent, DISTRIBUTED, ORIGINAL } from '../cloud-event/cloud-event';
import { readMessage } from './read-message';
import { canonical } from './spec/canonical';
import { writeMessage } from './write-message';

const ROOT = resolve(__dirname, '../../../../..');
const FILES = resolve(ROOT, process.env['TEST_DATA'] ?? '../shared/data', 'oio-samples/beskedfordeler');
const isThere = existsSync(FILES);
if (!isThere) console.warn(`Skipped: the samples of KOMBIT are not in ${FILES}; TEST_DATA names the folder.`);

const SENDER = 'cf12c051-39ce-4066-ba11-704b46fa23c4';
const personReference = (number: string) => `cpr-hmac:${Buffer.from(number).toString('hex').padEnd(43, '_')}`;
const read = (xml: string) => readMessage(xml, { personReference, sender: SENDER, required: DISTRIBUTED });

(isThere ? describe : describe.skip)('the samples of KOMBIT', () => {
  const contents = (isThere ? readdirSync(FILES) : [])
    .filter((name) => name.endsWith('.xml'))
    .map((name) => ({ name, xml: readFileSync(join(FILES, name), 'utf8') }));
  const samples = contents.filter(({ xml }) => xml.includes('Haendelsesbesked'));

  test('there are three messages', () => expect(samples).toHaveLength(3));

  test.each(samples)('$name comes back as it was, wrapped and not', ({ xml }) => {
    const { event } = read(xml);
    expect(canonical(writeMessage(event))).toBe(canonical(xml));
    expect(canonical(writeMessage(event, { isPushed: true }))).toBe(canonical(xml));
  });

  test.each(samples)('$name comes back after a journey as JSON, and is read as the same event', ({ xml }) => {
    const { event } = read(xml);
    const stored = JSON.parse(JSON.stringify([event, event[ORIGINAL]])) as [CloudEvent, string];
    const again = writeMessage({ ...stored[0], [ORIGINAL]: stored[1] });
    expect(canonical(again)).toBe(canonical(xml));
    expect(read(again).event).toEqual(event);
  });

  test.each(samples)('$name: what the event has, it has without the original too', ({ xml }) => {
    const { [ORIGINAL]: _, ...event } = read(xml).event;
    const { [ORIGINAL]: __, ...again } = read(writeMessage(event)).event;
    expect(again).toEqual(event);
  });

  test.each(samples)('$name: no CPR number in an attribute', ({ xml }) => {
    const { data: _, data_base64: __, ...attributes } = read(xml).event;
    expect(JSON.stringify(attributes)).not.toMatch(/urn:oio:cpr-nr|(?<![0-9a-z])\d{10}(?![0-9a-z])/i);
  });

  test('a field that was left out would be missed: the comparison can fail', () => {
    const { xml } = samples[0]!;
    const { event } = read(xml);
    const cut = event[ORIGINAL]!.replace(/<(ns2:)?TransaktionsId>[\s\S]*?TransaktionsId>/, '');
    expect(canonical(writeMessage({ ...event, [ORIGINAL]: cut }))).not.toBe(canonical(xml));
    const { [ORIGINAL]: _, ...bare } = event;
    expect(canonical(writeMessage(bare))).not.toBe(canonical(xml));
  });

  const sample = (part: string) => read(samples.find(({ name }) => name.includes(part))!.xml).event;

  test('a message of test, field by field', () => {
    const { [ORIGINAL]: _, ...event } = sample('externTest');
    expect(event).toEqual({
      specversion: '1.0',
      id: '01157488-c45c-4fd2-b076-1de12effbf66',
      source: 'urn:oio:it-system-uuid:cf12c051-39ce-4066-ba11-704b46fa23c4',
      type: 'dk.stoettesystemerne.haendelsesbesked.v1',
      subject: personReference('1234567890'),
      time: '2022-02-13T07:00:00Z',
      beskedtype: '7654895c-a3f3-4c77-8afd-4c77330f963c',
      tilladtmodtager: '99999999',
      relateretobjekt: personReference('2512484916'),
      ansvarligmyndighed: '99999999',
      objekttype: 'ce7fcf97-a8a2-447a-8690-d38aa0f6e23c',
      objekthandling: '1e5bb089-5445-44f8-9b65-bc854053f423',
      opgaveemne: '32.01.01',
      foelsomhed: 'FORTROLIGE_PERSONOPLYSNINGER',
      datacontenttype: 'application/xml',
      data: expect.stringContaining('Hello to Beskedfordeler') as string,
    });
  });

  test('encoded content of a status message is the text it stands for', () => {
    const event = sample('PostStatus');
    expect(event).toMatchObject({
      time: '2023-02-13T11:22:05.154Z',
      ansvarligmyndighed: '55133018',
      tilladtmodtager: '55133018',
      datacontenttype: 'application/xml',
      foelsomhed: 'VIP_SAGER',
    });
    expect(event.data).toMatch(/^<PKO_PostStatus .*Afleveret Digital Post.*<\/PKO_PostStatus>$/);
  });

  test('content that is XML stands by itself', () => {
    const content = new DOMParser().parseFromString(sample('testbesked01').data as string, 'text/xml');
    expect(content.documentElement!.localName).toBe('Beskeddata');
    expect(content.getElementsByTagNameNS('*', 'koen')[0]!.textContent).toBe('K');
  });

  test.each(contents.filter(({ xml }) => !xml.includes('Haendelsesbesked')))(
    '$name is no message, and refused',
    ({ xml }) => {
      expect(() => read(xml)).toThrow(expect.objectContaining({ status: 400, kode: 'besked' }));
    },
  );
});
