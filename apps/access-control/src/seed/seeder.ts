import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { COMMON_OWNER } from '@stoettesystemer/access';
import { type BulkItem, ObjectStore } from '@stoettesystemer/engine';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import { internalCaller } from '../internal-caller';
import { catalogue } from './catalogue';
import { demo } from './demo';

/** Writes what every installation has, and in profile `udvikling` the demo; what is there already is left alone. */
@Injectable()
export class Seeder implements OnModuleInit {
  constructor(
    private readonly store: ObjectStore,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async onModuleInit(): Promise<void> {
    const { profile, dataDir } = this.surroundings.settings;
    await this.write(COMMON_OWNER, catalogue());
    if (profile !== 'udvikling') return;
    for (const [owner, items] of await demo(dataDir)) await this.write(owner, items);
  }

  private async write(owner: string, items: readonly Omit<BulkItem, 'line'>[]): Promise<void> {
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
