import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Caller, COMMON_OWNER, DEMO_OWNERS, type Verb } from '@stoettesystemer/access';
import { ObjectStore } from '@stoettesystemer/engine';
import { organisationTypes } from '@stoettesystemer/model';
import { Database } from '@stoettesystemer/postgres';
import { SURROUNDINGS, type Surroundings } from '@stoettesystemer/server';
import type { Seeded } from './body';
import { demoTown } from './demo-town';
import { demoVillage } from './demo-village';
import { sharedLayer } from './shared-layer';

/** Organisation itself, in its own registrations and log. */
export const OURSELVES = '06a00000-0000-4000-8000-000000000001';
const VERBS: readonly Verb[] = ['laes', 'skriv', 'importer'];

const callerFor = (owner: string): Caller => ({
  service: 'organisation',
  owner,
  system: OURSELVES,
  subject: OURSELVES,
  assurance: null,
  agreement: null,
  agreementVersion: null,
  tokenId: 'internt',
  expires: Number.MAX_SAFE_INTEGER,
  groups: [
    {
      kind: 'system',
      privileges: organisationTypes.flatMap(({ name }) =>
        VERBS.map((verb) => `${name.toLowerCase()}:${verb}`),
      ),
      constraints: { orgenhed: '*', 'secpr-nummer': 'ja', senavn: 'ja' },
    },
  ],
});

/**
 * Writes what every installation has, and in profile `udvikling` the demo municipalities. What has been made once is left
 * alone: it is its owner's from then on.
 */
@Injectable()
export class Seeder implements OnModuleInit {
  constructor(
    private readonly store: ObjectStore,
    private readonly database: Database,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.write(COMMON_OWNER, sharedLayer());
    if (this.surroundings.settings.profile !== 'udvikling') return;
    await this.write(DEMO_OWNERS.eksempelkoebing, demoTown());
    await this.write(DEMO_OWNERS.proevelev, demoVillage());
  }

  private async write(owner: string, all: readonly Seeded[]): Promise<void> {
    const items = await this.stillToMake(owner, all);
    if (items.length === 0) return;
    const ask = { caller: callerFor(owner), transaction: randomUUID() };
    const results = await this.store.bulk(
      ask,
      items.map((item, at) => ({ ...item, line: at + 1 })),
    );
    const refused = results.filter(({ outcome }) => outcome === 'afvist');
    if (refused.length === 0) return;
    const faults = refused.map(({ uuid, fejl = [] }) => `${uuid} ${JSON.stringify(fejl)}`);
    throw new Error(`Det, der hører til fra begyndelsen, kunne ikke skrives: ${faults.join('; ')}`);
  }

  private async stillToMake(owner: string, items: readonly Seeded[]): Promise<Seeded[]> {
    const { rows } = await this.database.run(
      { owner },
      {
        name: 'seed-made',
        text: 'select id from object where owner = $1::int and id = any($2::uuid[])',
        values: [owner, items.map(({ uuid }) => uuid)],
      },
    );
    const made = new Set(rows.map(({ id }) => id));
    return items.filter(({ uuid }) => !made.has(uuid));
  }
}
