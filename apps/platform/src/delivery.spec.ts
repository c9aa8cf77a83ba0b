import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { accessControl } from '@stoettesystemer/access-control';
import { audienceOf, DEMO_CLIENTS } from '@stoettesystemer/access';
import {
  Couriers,
  messageDistribution,
  type Outgoing,
  type OutgoingMailbox,
  type Transport,
} from '@stoettesystemer/message-distribution';
import {
  createService,
  Metrics,
  openLog,
  openPort,
  type Service,
  settingsFrom,
} from '@stoettesystemer/server';
import { testDatabase } from '@stoettesystemer/testing';
import { importJWK, type JWK, SignJWT } from 'jose';

const TOWN = '12345678';
const FROM = { fra: '2000-01-01T00:00:00Z' };

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer();
    server.listen(0, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

/** Adgangsstyring and Beskedfordeler behind one port, as the platform runs them, and the demo systems with their keys. */
async function together() {
  const dataDir = mkdtempSync(join(tmpdir(), 'levering-'));
  const settings = settingsFrom({ DATA_DIR: dataDir, PORT: `${await freePort()}` });
  const log = openLog('silent');
  const databases: Awaited<ReturnType<typeof testDatabase>>[] = [];
  const services: Service[] = [];
  for (const options of [accessControl, messageDistribution]) {
    const database = await testDatabase({ service: `levering-${options.prefix}`, migrate: async () => {} });
    databases.push(database);
    services.push(
      await createService(options, { settings, databaseUrl: database.url, log, metrics: new Metrics() }),
    );
  }
  const port = await openPort(services, settings.port);
  const address = `http://localhost:${port.port}`;
  const token = async (system: string, service: string): Promise<string> => {
    const key = JSON.parse(readFileSync(join(dataDir, 'demo', `${system}.jwk`), 'utf8')) as JWK;
    const client = DEMO_CLIENTS[system]!;
    const assertion = await new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid! })
      .setIssuer(client)
      .setSubject(client)
      .setAudience(`${address}/adgangsstyring`)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(await importJWK(key, 'ES256'));
    const answer = await fetch(`${address}/adgangsstyring/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        resource: audienceOf(service),
        scope: `cvr:${TOWN}`,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  const send = async <T>(system: string, method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await token(system, path.split('/')[1]!)}`,
        'if-match': '"1"',
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const close = async () => {
    await port.close();
    for (const { drop } of databases) await drop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { send, couriers: services[1]!.app.get(Couriers), close };
}

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
  const { send, couriers, close } = await together();
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
    await close();
  }
});
