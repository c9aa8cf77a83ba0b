import { EventEmitter, once } from 'node:events';
import { accessControl } from '@stoettesystemer/access-control';
import { DEMO_CLIENTS } from '@stoettesystemer/access';
import {
  Couriers,
  messageDistribution,
  type Outgoing,
  type OutgoingMailbox,
  type Transport,
} from '@stoettesystemer/message-distribution';
import { RunningPlatform, TOWN } from './spec/running-platform';

const FROM = { fra: '2000-01-01T00:00:00Z' };

const event = (id: string) => ({
  specversion: '1.0',
  id,
  source: '/proeve/12345678',
  type: 'dk.proeve.haendelse.v1',
  beskedtype: '7654895c-a3f3-4c77-8afd-4c77330f963c',
  ansvarligmyndighed: TOWN,
});

/** Delivers everything, and remembers what to which dueslag. */
class Open implements Transport {
  readonly delivery = 'push';
  readonly atOnce = 4;
  readonly batch = 10;
  readonly lease = 30;
  private readonly seen = new Set<string>();
  private readonly told = new EventEmitter();

  carry({ uuid }: OutgoingMailbox, run: readonly Outgoing[]) {
    for (const {
      event: { id },
    } of run)
      this.seen.add(`${uuid} ${id}`);
    this.told.emit('seen');
    return Promise.resolve(run.map(() => ({ kind: 'delivered' as const })));
  }

  has(mailbox: string, id: string): boolean {
    return this.seen.has(`${mailbox} ${id}`);
  }

  async until(mailbox: string, id: string): Promise<void> {
    while (!this.has(mailbox, id)) await once(this.told, 'seen');
  }
}

test('what is pushed is judged by the agreement as Adgangsstyring has it then: when it is ended, the backlog stays', async () => {
  const platform = await RunningPlatform.create();
  const { services } = await platform.open([accessControl, messageDistribution]);
  const couriers = services[1]!.app.get(Couriers);
  const send = <T>(system: string, method: string, path: string, body?: object): Promise<T> =>
    platform.send<T>(system, method, path, body ? { body } : {});
  const mailboxOf = async (system: string): Promise<string> => {
    const properties = {
      virkning: FROM,
      brugervendtNoegle: 'D',
      levering: 'push',
      modtager: 'https://modtager.example/',
    };
    const { uuid } = await send<{ uuid: string }>(system, 'POST', '/beskedfordeler/v1/dueslag', {
      attributter: { egenskaber: [properties] },
    });
    await send(system, 'POST', '/beskedfordeler/v1/abonnementer', {
      attributter: { egenskaber: [{ virkning: FROM, brugervendtNoegle: 'A' }] },
      relationer: { dueslag: [{ virkning: FROM, reference: { uuid } }] },
    });
    return uuid;
  };
  const publish = (id: string) => send('demo-begraenset', 'POST', '/beskedfordeler/v1/beskeder', event(id));
  try {
    const [ended, standing] = [await mailboxOf('demo-fagsystem'), await mailboxOf('demo-app')];
    const transport = new Open();
    couriers.start(transport);
    await publish('første');
    await Promise.all([transport.until(ended, 'første'), transport.until(standing, 'første')]);

    const agreements = await send<{ data: { uuid: string }[] }>(
      'demo-kommune',
      'GET',
      `/adgangsstyring/v1/serviceaftaler?anvendersystem=${DEMO_CLIENTS['demo-fagsystem']!}&status=Aktiv`,
    );
    const path = `/adgangsstyring/v1/serviceaftaler/${agreements.data[0]!.uuid}/ophaev`;
    await send('demo-kommune', 'POST', path, { note: 'Ikke mere' });
    // It is heard of within seconds. Then what comes to the one no longer comes to the other.
    let sent = 0;
    do {
      await publish(`${++sent}`);
      await transport.until(standing, `${sent}`);
    } while (sent < 4 || transport.has(ended, `${sent - 3}`));
    const state = await send<{ ventende: number }>(
      'demo-kommune',
      'GET',
      `/beskedfordeler/v1/dueslag/${ended}/tilstand`,
    );
    expect(state.ventende).toBeGreaterThanOrEqual(4);
  } finally {
    await platform.close();
  }
});
