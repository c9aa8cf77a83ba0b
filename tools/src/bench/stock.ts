import { lineOf, uuidOf } from './made-up-thing';
import { asOwner, type Place } from './place';
import type { Server } from './rounds';
import { sendLines } from './send-lines';

/** So many lines in one request; a second request goes on where it ended. */
const LINES = 100_000;

function* linesOf(from: number, to: number, facts: number): Generator<string> {
  for (let n = from; n < to; n++) yield lineOf(n, facts);
}

/** A database with things 0 to `size`, and the service that serves it. */
export class Stock {
  private held = 0;

  private constructor(
    readonly url: string,
    readonly server: Server,
    readonly facts: number,
  ) {}

  static async open(place: Place, name: string, facts: number): Promise<Stock> {
    const url = await place.database(name);
    return new Stock(url, await place.service(url), facts);
  }

  get size(): number {
    return this.held;
  }

  /** Imports what is missing, and leaves the tables as autovacuum would have. Things a second. */
  async growTo(size: number): Promise<number> {
    const from = this.held;
    const begin = performance.now();
    while (this.held < size) {
      const next = Math.min(size, this.held + LINES);
      await sendLines(this.server, linesOf(this.held, next, this.facts));
      this.held = next;
    }
    const seconds = (performance.now() - begin) / 1000;
    if (size > from) await this.settle();
    return (size - from) / seconds;
  }

  /** Vacuum and a checkpoint now, so that they do not come in the middle of a round. */
  async settle(): Promise<void> {
    await asOwner(this.url, async (client) => {
      await client.query('vacuum analyze');
      await client.query('checkpoint');
    });
  }

  /** The baseline's table: a row for each thing with what the service answers, under a primary key. */
  async makePlain(): Promise<void> {
    const sample = uuidOf(0);
    const answer = await fetch(`http://127.0.0.1:${this.server.port}/proeve/v1/ting/${sample}`, {
      headers: { authorization: `Bearer ${(await this.server.token()) ?? ''}` },
    });
    const body = await answer.text();
    if (answer.status !== 200) throw new Error(body);
    await asOwner(this.url, async (client) => {
      await client.query('drop table if exists plain');
      await client.query('create table plain (id uuid primary key, body json not null)');
      await client.query('insert into plain select id, replace($1, $2, id::text)::json from object', [
        body,
        sample,
      ]);
    });
    await this.settle();
  }
}
