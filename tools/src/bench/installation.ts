import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { audienceOf, DEMO_SYSTEMS } from '@stoettesystemer/access';
import { freePort } from '../free-port';
import { type AssertionBy, tokenRequest } from './assertion';
import type { Bench } from './bench';
import { Distributor } from './distributor';
import { OWNER } from './made-up-thing';
import type { Server } from './rounds';

const SYSTEM = 'demo-fagsystem';
const EXTERNAL = 'http://localhost:3000';
const FORM = 'application/x-www-form-urlencoded';

/** An Adgangsstyring with the demo's agreements, and Beskedfordelere that believe its tokens and ask it. */
export class Installation {
  private constructor(
    private readonly bench: Bench,
    private readonly dataDir: string,
    private readonly access: Server,
  ) {}

  static async open(bench: Bench, name: string): Promise<Installation> {
    const dataDir = mkdtempSync(join(bench.place.folder, `${name}-`));
    const databaseUrl = await bench.place.emptyDatabase(`${name}_adgang`);
    const port = await freePort();
    const access = await bench.place.accessControl({ dataDir, databaseUrl, externalUrl: EXTERNAL, port });
    return new Installation(bench, dataDir, access);
  }

  /** One with a database of its own. */
  async distributor(name: string): Promise<Distributor> {
    const { place, generator, databaseCpu } = this.bench;
    const databaseUrl = await place.emptyDatabase(name);
    const { dataDir, access } = this;
    const argument = { dataDir, databaseUrl, externalUrl: EXTERNAL, accessPort: access.port };
    const server = await place.messageDistribution(argument, this.tokens());
    return Distributor.open(server, { databaseUrl, generator, databaseCpu });
  }

  end(): Promise<void> {
    return this.access.end();
  }

  /** Of the system that does everything here, by its key. */
  private tokens(): Server['token'] {
    const file = join(this.dataDir, 'demo', `${SYSTEM}.jwk`);
    const request = tokenRequest({
      key: JSON.parse(readFileSync(file, 'utf8')) as AssertionBy['key'],
      system: DEMO_SYSTEMS[SYSTEM]!.uuid,
      issuer: `${EXTERNAL}/adgangsstyring`,
      service: audienceOf('beskedfordeler'),
      owner: OWNER,
    });
    return async () => {
      const answer = await fetch(`http://127.0.0.1:${this.access.port}/adgangsstyring/token`, {
        method: 'POST',
        headers: { 'content-type': FORM },
        body: request(),
      });
      if (!answer.ok) throw new Error(`no token: ${answer.status} ${await answer.text()}`);
      return ((await answer.json()) as { access_token: string }).access_token;
    };
  }
}
