import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Client, Event } from '@stoettesystemer/client';
import { Dueslag, Facet, Klasse, Serviceaftale } from '@stoettesystemer/model';
import { hasRabbitMq, rabbitMq, type RabbitMq } from '@stoettesystemer/testing';
import { demoClient, SYSTEMS } from './spec/demo-client';
import { newDataDir, Platform } from './spec/platform';
import { called, has, pulling, queued, type Receiver } from './spec/receivers';

const FROM = { fra: '2020-01-01T00:00:00Z' };
const COMMON = '19435075';

let rabbit: RabbitMq | null;
let platform: Platform;
const receivers: Receiver[] = [];
beforeAll(async () => {
  rabbit = hasRabbitMq() ? await rabbitMq() : null;
  await rabbit?.start();
  platform = await Platform.start(newDataDir(), undefined, rabbit ? { BROKER: rabbit.url } : {});
});
afterAll(async () => {
  for (const receiver of receivers) await receiver.end();
  await platform.remove();
  await rabbit?.end();
});

/** KLE's keeper: makes a class of the common organisation's, and changes its title. */
async function kle() {
  const keeper = demoClient(platform, 'demo-faelles', COMMON);
  const classes = keeper.objects('klassifikation', Klasse);
  const facet = await keeper.objects('klassifikation', Facet).create({
    attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: `Emne-${randomUUID()}` }] },
  });
  const { uuid } = await classes.create({
    attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: '27.18.02', titel: 'Merudgifter' }] },
    relationer: { facet: [{ virkning: FROM, reference: { uuid: facet.uuid } }] },
  });
  const retitle = (titel: string) =>
    classes.change(uuid, () => ({ attributter: { egenskaber: [{ virkning: FROM, titel }] } }));
  return { uuid, retitle };
}

/** What the receivers' agreement gives them of messages is narrowed, by the vendor who asks for less. */
async function narrow(system: string): Promise<void> {
  const vendor = demoClient(platform, 'demo-leverandoer');
  const agreements = vendor.objects('adgangsstyring', Serviceaftale);
  for await (const { uuid, registrering, attributter } of agreements.list({ anvendersystem: system })) {
    const without = <T extends { virkning: object }>(items: readonly T[] = []) =>
      items.map(({ virkning: _, ...members }) => members);
    const afgraensning = without(attributter!.afgraensning).map((limit) =>
      limit.id === 'beskedfordeler-modtag-kle' ? { ...limit, vaerdier: ['32.*'] } : limit,
    );
    await vendor.send({
      service: 'adgangsstyring',
      method: 'POST',
      path: `/v1/serviceaftaler/${uuid}/ny-version`,
      body: { note: 'Kun ydelser', rolle: without(attributter!.rolle), afgraensning },
      headers: { 'if-match': `"${registrering.nummer}"` },
    });
  }
}

/** Whether the agreement gives it such a message, as Beskedfordeler sees it at this moment. */
async function isGiven(client: Client, besked: Event): Promise<boolean> {
  const ask = { service: 'beskedfordeler', method: 'POST', path: '/v1/abonnementer/proev' } as const;
  const { data: _, ...attributes } = besked;
  return (await client.send<{ adgang: boolean }>({ ...ask, body: { filtre: [], besked: attributes } })).body
    .adgang;
}

/** A message about benefits, as a case system sends them; its id. */
async function sendGiven(client: Client): Promise<string> {
  const body = {
    specversion: '1.0',
    id: randomUUID(),
    source: '/fagsystem/12345678',
    type: 'dk.fagsystem.klasse.v1',
    objekttype: 'Klasse',
    beskedtype: randomUUID(),
    ansvarligmyndighed: '12345678',
    opgaveemne: '32.24.04',
    foelsomhed: 'IKKE_FORTROLIGE_DATA',
  };
  await client.send({ service: 'beskedfordeler', method: 'POST', path: '/v1/beskeder', body, again: true });
  return body.id;
}

const set = (client: Client, { mailbox }: Receiver, vaerdi: 'aktiv' | 'pauset') =>
  client.objects('beskedfordeler', Dueslag).change(mailbox, () => ({
    tilstande: { tilstand: [{ virkning: { fra: '2026-01-01T00:00:00Z' }, vaerdi }] },
  }));

test('a change in KLE reaches a webhook, a reader and a queue; when the agreement is narrowed, what waits stays', async () => {
  const ours = demoClient(platform, 'demo-fagsystem');
  const others = demoClient(platform, 'demo-app');
  const own = [await pulling(ours), await called(ours), ...(rabbit ? [await queued(ours, rabbit.url)] : [])];
  const witness = await pulling(others);
  receivers.push(...own, witness);

  const { uuid, retitle } = await kle();
  const isChange =
    (number: number) =>
    ({ subject, data }: Event): boolean =>
      subject === uuid && (data as { nummer: number }).nummer === number;
  await retitle('Merudgifter til voksne');
  await Promise.all([...own, witness].map((receiver) => has(receiver, isChange(2))));
  for (const { received } of own) {
    const about = received.filter(({ subject }) => subject === uuid);
    expect(about.map(({ objekthandling }) => objekthandling)).toEqual(['opstaaet', 'rettet']);
    expect(about[1]).toMatchObject({
      source: `/klassifikation/${COMMON}`,
      type: 'dk.stoettesystemerne.klassifikation.klasse.rettet.v1',
      ansvarligmyndighed: COMMON,
      data: { uuid, nummer: 2, aendret: ['egenskaber'] },
    });
  }

  // They wait in all of them, and then they are no longer to be had.
  for (const receiver of own) await set(ours, receiver, 'pauset');
  await retitle('Dækning af merudgifter');
  await retitle('Nødvendige merudgifter');
  await has(witness, isChange(4));
  await narrow(SYSTEMS['demo-fagsystem']);
  while (await isGiven(ours, witness.received.at(-1)!)) await setTimeout(100);
  for (const receiver of own) await set(ours, receiver, 'aktiv');
  await retitle('Merudgiftsydelse');
  await has(witness, isChange(5));
  // One that the agreement still gives, sent after all of them, comes through alone.
  const given = await sendGiven(others);
  await Promise.all(own.map((receiver) => has(receiver, ({ id }) => id === given)));
  expect(witness.received.filter(({ subject }) => subject === uuid)).toHaveLength(5);
  for (const { received } of own) expect(received.filter(({ subject }) => subject === uuid)).toHaveLength(2);
});
