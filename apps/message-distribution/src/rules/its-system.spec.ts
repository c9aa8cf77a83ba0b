import { randomUUID } from 'node:crypto';
import { DEMO_CLIENTS } from '@stoettesystemer/access';
import type { RunningService } from '@stoettesystemer/testing';
import { jsonOf, type Json, Receiver } from '../spec/receiver';
import { runningMessageDistribution } from '../spec/running-message-distribution';

const OURS = DEMO_CLIENTS['demo-fagsystem']!;
const FROM = { fra: '2000-01-01T00:00:00Z' };

let service: RunningService;
let us: Receiver;
beforeAll(async () => {
  service = await runningMessageDistribution();
  us = new Receiver(service);
});
afterAll(() => service.close());

const body = (system?: string) => ({
  attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: 'D', levering: 'hent' }] },
  ...(system ? { relationer: { anvendersystem: [{ virkning: FROM, reference: { uuid: system } }] } } : {}),
});
const systemsOf = (object: Json): string[] =>
  (
    object as { relationer: { anvendersystem: { reference: { uuid: string } }[] } }
  ).relationer.anvendersystem.map(({ reference }) => reference.uuid);

test('is the one that makes it, however it is made, when nothing is said', async () => {
  const posted = await us.send('POST', '/dueslag', { body: body() });
  expect(systemsOf(jsonOf(posted))).toEqual([OURS]);
  const uuid = randomUUID();
  const put = await us.send('PUT', `/dueslag/${uuid}`, { body: body() });
  expect([put.status, systemsOf(jsonOf(put))]).toEqual([201, [OURS]]);
  // The same said again is nothing new.
  const again = await us.send('PUT', `/dueslag/${uuid}`, { body: body(), headers: { 'if-match': '"1"' } });
  expect([again.status, again.headers['preference-applied']]).toEqual([200, 'uaendret']);
  const line = { objekttype: 'Dueslag', uuid: randomUUID(), ...body() };
  const headers = { 'content-type': 'application/x-ndjson' };
  for (const status of [201, 200]) {
    const imported = await us.send('POST', '/import', { body: JSON.stringify(line), headers });
    expect(imported.text).toContain(`"status":${status}`);
  }
  expect(systemsOf(jsonOf(await us.send('GET', `/dueslag/${line.uuid}`)))).toEqual([OURS]);
});

test('is nobody else’s to be said, by the same restriction as hides what is another’s', async () => {
  const other = DEMO_CLIENTS['demo-begraenset']!;
  const made = await us.send('POST', '/dueslag', { body: body(other) });
  expect([made.status, jsonOf(made)['kode']]).toEqual([403, 'dataafgraensning']);
  const uuid = await us.bareMailbox();
  const headers = { 'if-match': '"1"' };
  for (const anvendersystem of [
    [{ virkning: FROM, reference: { uuid: other } }],
    [{ virkning: { fra: '1900-01-01T00:00:00Z' }, reference: null }],
  ]) {
    const moved = await us.send('PATCH', `/dueslag/${uuid}`, {
      body: { relationer: { anvendersystem } },
      headers,
    });
    expect([moved.status, jsonOf(moved)['kode']]).toEqual([403, 'dataafgraensning']);
  }
});
