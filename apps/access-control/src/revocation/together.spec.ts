import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createService,
  Metrics,
  openLog,
  openPort,
  type ServiceOptions,
  settingsFrom,
} from '@stoettesystemer/server';
import { testDatabase, Ting } from '@stoettesystemer/testing';
import { accessControl } from '../access-control';

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer();
    server.listen(0, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

test('behind one port, with nothing said: keys and revocations are there when the port is', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sammen-'));
  const settings = settingsFrom({ DATA_DIR: dataDir, PORT: `${await freePort()}` });
  const other: ServiceOptions = { name: 'made-up', prefix: 'proeve', types: [Ting] };
  const metrics = new Metrics();
  const lines: string[] = [];
  const log = openLog('warn', { write: (line: string) => void lines.push(line) });
  const databases = [];
  const services = [];
  for (const options of [accessControl, other]) {
    const database = await testDatabase({ service: `sammen-${options.prefix}`, migrate: async () => {} });
    databases.push(database);
    services.push(await createService(options, { settings, databaseUrl: database.url, log, metrics }));
  }
  const port = await openPort(services, settings.port);
  try {
    for (const prefix of ['adgangsstyring', 'proeve']) {
      const ready = await fetch(`http://127.0.0.1:${port.port}/${prefix}/sundhed/klar`);
      expect([prefix, ready.status]).toEqual([prefix, 200]);
      const heard = new RegExp(`^revocations_age_seconds\\{service="${prefix}"\\} \\d`, 'm');
      expect(await metrics.text()).toMatch(heard);
    }
    expect(lines).toEqual([]);
  } finally {
    await port.close();
    for (const { drop } of databases) await drop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
