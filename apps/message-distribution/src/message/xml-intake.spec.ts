import { randomUUID } from 'node:crypto';
import { DEMO_SYSTEMS } from '@stoettesystemer/access';
import type { Answer, RunningService } from '@stoettesystemer/testing';
import { BESKEDTYPE, jsonOf, Receiver, TOWN } from '../spec/receiver';
import { runningMessageDistribution } from '../spec/running-message-distribution';

let service: RunningService;
let us: Receiver;
beforeAll(async () => {
  service = await runningMessageDistribution();
  us = new Receiver(service);
});
afterAll(() => service.close());

/** Of the official fictitious test population. */
const CITIZEN = '2512484916';
const SYSTEM = DEMO_SYSTEMS['demo-fagsystem']!.uuid;
const uuid = (name: string, value: string) =>
  `<k:${name}><UUIDIdentifikator>${value}</UUIDIdentifikator></k:${name}>`;
const urn = (name: string, value: string) =>
  `<k:${name}><URNIdentifikator>${value}</URNIdentifikator></k:${name}>`;
const SENSITIVITY = uuid('Sikkerhedsklassificering', '44f4108b-26d4-46de-a90f-35e35b55b8d8');

const message = (id: string, { owner = TOWN, system = SYSTEM, more = '' } = {}) =>
  `<k:Haendelsesbesked xmlns:k="urn:oio:besked:kuvert:1.0" xmlns="urn:oio:sagdok:3.0.0">${uuid('BeskedId', id)}` +
  `<k:BeskedVersion>1.0</k:BeskedVersion><k:Beskedkuvert><k:Filtreringsdata>${uuid('Beskedtype', BESKEDTYPE)}` +
  `${uuid('BeskedAnsvarligAktoer', system)}${more}<k:RelateretObjekt>${urn('ObjektId', `urn:oio:cpr-nr:${CITIZEN}`)}` +
  `${uuid('ObjektType', 'ce7fcf97-a8a2-447a-8690-d38aa0f6e23c')}</k:RelateretObjekt>` +
  `<k:ObjektRegistrering>${urn('ObjektAnsvarligMyndighed', `urn:oio:cvr:${owner}`)}` +
  `${urn('ObjektId', `urn:oio:cpr-nr:${CITIZEN}`)}${urn('OpgaveEmne', 'urn:oio:kle:27.18.02')}</k:ObjektRegistrering>` +
  `</k:Filtreringsdata><k:Leveranceinformation>${SENSITIVITY}</k:Leveranceinformation></k:Beskedkuvert>` +
  `<k:Beskeddata><a xmlns="">Ærø ${CITIZEN}</a></k:Beskeddata></k:Haendelsesbesked>`;

const send = (body: string | Buffer, type = 'application/xml; charset=utf-8'): Promise<Answer> =>
  us.send('POST', '/beskeder', { body, headers: { 'content-type': type } });

test('a message is taken in as an event: once, and without a CPR number in the open', async () => {
  const mailbox = await us.mailbox();
  const id = randomUUID();
  const pushed = `<ModtagBeskedInput xmlns="urn:oio:sts:1.0.0">${message(id)}</ModtagBeskedInput>`;
  expect(jsonOf(await send(message(id)))).toMatchObject({ modtaget: 1, nye: 1 });
  expect(jsonOf(await send(pushed, 'text/xml'))).toMatchObject({ modtaget: 1, nye: 0 });
  expect(jsonOf(await send(Buffer.from(`\ufeff${message(id)}`)))).toMatchObject({ modtaget: 1, nye: 0 });
  const [received] = await us.receive(mailbox, 1);
  const reference = received!['relateretobjekt'] as string;
  expect(received).toEqual({
    specversion: '1.0',
    id,
    source: `urn:oio:it-system-uuid:${SYSTEM}`,
    type: 'dk.stoettesystemerne.haendelsesbesked.v1',
    subject: reference,
    beskedtype: BESKEDTYPE,
    ansvarligmyndighed: TOWN,
    relateretobjekt: expect.stringMatching(/^cpr-hmac:/) as string,
    opgaveemne: '27.18.02',
    foelsomhed: 'FORTROLIGE_PERSONOPLYSNINGER',
    datacontenttype: 'application/xml',
    data: expect.stringContaining(`>Ærø ${CITIZEN}</a>`) as string,
  });
  expect(await us.rest(mailbox)).toEqual([]);
});

test('nothing of the message lies open in the database', async () => {
  const id = randomUUID();
  expect((await send(message(id))).status).toBe(202);
  const { rows } = await service.database.run(
    { owner: TOWN },
    {
      name: 'spec-message-row',
      text: 'select row_to_json(m)::text as row, length(m.data) as sealed from message m where m.id = $1',
      values: [id],
    },
  );
  expect(rows[0]!['row']).toContain('cpr-hmac:');
  expect(rows[0]!['row']).not.toContain(CITIZEN);
  expect(Number(rows[0]!['sealed'])).toBeGreaterThan(message(id).length - 100);
  for (const form of ['utf8', 'base64'] as const)
    expect(rows[0]!['row']).not.toContain(Buffer.from('Haendelsesbesked').toString(form).replace(/=+$/, ''));
});

test.each<[string, () => Promise<Answer>, number, string]>([
  [
    'on behalf of another system',
    () => send(message(randomUUID(), { system: randomUUID() })),
    403,
    'ansvarligaktoer',
  ],
  [
    'of another municipality',
    () => send(message(randomUUID(), { owner: '87654321' })),
    403,
    'ansvarligmyndighed',
  ],
  ['with a document type', () => send(`<!DOCTYPE a>${message(randomUUID())}`), 400, 'xml'],
  ['that is another document', () => send('<a/>'), 400, 'besked'],
  [
    'in another charset',
    () => send(message(randomUUID()), 'text/xml; charset=iso-8859-1'),
    415,
    'indholdstype',
  ],
  ['that is no UTF-8', () => send(Buffer.from([0x3c, 0xff])), 400, 'tegnsaet'],
])('a message %s is refused', async (_, act, status, kode) => {
  const answer = await act();
  expect([answer.status, jsonOf(answer)['kode']]).toEqual([status, kode]);
  expect(answer.text).not.toContain(CITIZEN);
});

test('a place in the message is told where it is wrong', async () => {
  const answer = await send(message(randomUUID()).replace(BESKEDTYPE, 'x'));
  expect(jsonOf<{ fejl: object[] }>(answer).fejl).toEqual([
    expect.objectContaining({
      sti: '/Haendelsesbesked/Beskedkuvert/Filtreringsdata/Beskedtype',
      kode: 'uuid',
    }),
  ]);
});
