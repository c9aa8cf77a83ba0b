import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type EmbeddedServer, startEmbedded } from '@stoettesystemer/postgres';
import { Client, type QueryResultRow } from 'pg';

/** A PostgreSQL of the spec's own, durable as in operation, that can be killed; it comes back by itself. */
export class OwnPostgres {
  /** It would outlive a process that ends before its specs do. */
  private readonly last = (): void => {
    this.kill();
    this.remove();
  };

  private constructor(
    private readonly server: EmbeddedServer,
    private readonly dataDir: string,
  ) {
    process.once('exit', this.last);
  }

  static async open(dataDir: string): Promise<OwnPostgres> {
    // Where we are root the server runs as another account, which must be able to pass.
    chmodSync(dataDir, 0o755);
    return new OwnPostgres(await startEmbedded({ dataDir }), dataDir);
  }

  get url(): string {
    return this.server.url;
  }

  /** The database that a service makes of it. */
  databaseOf(service: string): string {
    const url = new URL(this.url);
    url.pathname += `_${service}`;
    return url.href;
  }

  kill(): void {
    const file = join(this.dataDir, 'postgres', 'cluster', 'postmaster.pid');
    process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 'SIGKILL');
  }

  /** As the superuser, and as soon as there is a server that answers. */
  async ask<Row extends QueryResultRow>(
    service: string,
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    for (;;) {
      const client = new Client({ connectionString: this.databaseOf(service) });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return (await client.query<Row>(text, values)).rows;
      } catch (cause) {
        // What PostgreSQL itself refuses is a mistake of ours; all else is that it is away.
        const code = (cause as { code?: string }).code ?? '';
        if (/^[0-9A-Z]{5}$/.test(code) && !/^(08|57P)/.test(code)) throw cause;
        await pause(100);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }

  async close(): Promise<void> {
    await this.server.stop();
    process.off('exit', this.last);
    this.remove();
  }

  private remove(): void {
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
