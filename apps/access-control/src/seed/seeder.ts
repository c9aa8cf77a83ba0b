import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { COMMON_OWNER } from '@stoettesystemer/access';
import { type BulkItem, ObjectStore } from '@stoettesystemer/engine';
import { Delegation } from '@stoettesystemer/model';
import { Database } from '@stoettesystemer/postgres';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { internalCaller } from '../internal-caller';
import { isSafeAddress } from '../roles/address';
import { actingAt } from '../roles/receiver';
import { SINCE } from './body';
import { catalogue } from './catalogue';
import { connectedAgreement, connectedSystem, connectionFolder, connectionsIn } from './connections';
import { demo } from './demo';
import { DEMO_DELEGATION, demoPeople } from './demo-people';

type Seeded = Omit<BulkItem, 'line'>;

/** Writes what every installation has, and in profile `udvikling` the demo; what is there already is left alone. */
@Injectable()
export class Seeder implements OnModuleInit {
  constructor(
    private readonly store: ObjectStore,
    private readonly database: Database,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async onModuleInit(): Promise<void> {
    const { profile, dataDir, externalUrl } = this.surroundings.settings;
    await this.write(COMMON_OWNER, catalogue());
    await this.connect(dataDir);
    if (profile !== 'udvikling') return;
    for (const [owner, items] of await demo(dataDir))
      await this.write(owner, await this.stillToMake(owner, items));
    // An IdP at an address that nobody could be sent to is not registered, a made-up one no more than others.
    if (isSafeAddress(externalUrl)) await this.writePeople(dataDir, externalUrl);
  }

  /** Only the first time: from then on they are changed as everything else is. */
  private async connect(dataDir: string): Promise<void> {
    const { log } = this.surroundings;
    const folder = connectionFolder(dataDir);
    for (const each of await connectionsIn(folder, (file, why) =>
      log.error({ file }, `tilslutning: ${why}`),
    )) {
      const agreement = connectedAgreement(each);
      if ((await this.made(each.owner, [agreement])).size > 0) continue;
      await this.write(COMMON_OWNER, [connectedSystem(each)]);
      await this.write(each.owner, [agreement]);
      log.info({ system: each.uuid, owner: each.owner }, 'connected');
    }
  }

  private async writePeople(dataDir: string, externalUrl: string): Promise<void> {
    for (const [owner, items] of await demoPeople(dataDir, externalUrl))
      await this.write(owner, await this.stillToMake(owner, items));
    await this.acceptDelegation();
  }

  /** As the receiver, who is the only one who can. */
  private async acceptDelegation(): Promise<void> {
    const { owner, receiver, uuid } = DEMO_DELEGATION;
    const ask = { caller: actingAt(owner, internalCaller(receiver)), transaction: randomUUID() };
    const status = [{ virkning: SINCE, vaerdi: 'Accepteret' }];
    const [made] = await this.store.readMany(ask, Delegation, [uuid], {
      virkning: 'alle',
      registrering: 'nu',
    });
    if (made?.number === 1) await this.store.patch(ask, Delegation, uuid, { tilstande: { status } }, 1);
  }

  /** What has been agreed or decided since is not undone by a start; who the systems are may have to follow one. */
  private async stillToMake(owner: string, items: readonly Seeded[]): Promise<Seeded[]> {
    const made = await this.made(owner, items);
    return items.filter(({ type, uuid }) => type === 'ItSystem' || !made.has(uuid));
  }

  private async made(owner: string, items: readonly Seeded[]): Promise<ReadonlySet<unknown>> {
    const { rows } = await this.database.run(
      { owner },
      {
        name: 'seed-made',
        text: 'select id from object where owner = $1::int and id = any($2::uuid[])',
        values: [owner, items.map(({ uuid }) => uuid)],
      },
    );
    return new Set(rows.map(({ id }) => id));
  }

  private async write(owner: string, items: readonly Seeded[]): Promise<void> {
    const ask = { caller: internalCaller(owner), transaction: randomUUID() };
    const results = await this.store.bulk(
      ask,
      items.map((item, at) => ({ ...item, line: at + 1 })),
    );
    const refused = results.filter(({ outcome }) => outcome === 'afvist');
    if (refused.length === 0) return;
    const faults = refused.map(({ uuid, fejl = [] }) => `${uuid} ${JSON.stringify(fejl)}`);
    throw new Error(`Det, der hører til fra begyndelsen, kunne ikke skrives: ${faults.join('; ')}`);
  }
}
