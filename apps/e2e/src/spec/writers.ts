import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Client } from './client';

/** An answer that was no yes. */
export interface No {
  readonly status: number;
  readonly type: string | null;
  readonly retryAfter: string | null;
  readonly kode: string | undefined;
}

interface Written {
  readonly uuid: string;
  readonly registrering: { readonly nummer: number };
}

/** Writers that make facets and change what they have made, and remember what they were told. */
export class Writers {
  /** UUID and number of every change that was answered with a yes. */
  readonly acknowledged = new Map<string, number>();
  readonly noes: No[] = [];
  /** Requests that got no answer at all. */
  lost = 0;
  private heard = 0;
  private isStopping = false;
  private work: Promise<unknown> = Promise.resolve();

  constructor(
    private client: Client,
    private readonly count = 8,
  ) {}

  start(client: Client): void {
    this.client = client;
    this.isStopping = false;
    this.work = Promise.all(Array.from({ length: this.count }, () => this.write()));
  }

  /** Until that many more changes have been acknowledged; the time is a backstop, not a demand. */
  async more(count: number): Promise<void> {
    const [goal, end] = [this.heard + count, Date.now() + 60_000];
    for (; this.heard < goal; await setTimeout(5))
      if (Date.now() > end) throw new Error(`${goal - this.heard} of ${count} were never acknowledged`);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.work;
  }

  private async write(): Promise<void> {
    for (let own: Written | undefined; !this.isStopping;) {
      const mayChange = own !== undefined && own.registrering.nummer < 3;
      own = await (mayChange ? this.change(own!) : this.told(this.client.createFacet(randomUUID())));
      // One whose service is away asks again after a while, as Retry-After says, only sooner.
      if (own === undefined) await setTimeout(20);
    }
  }

  private change({ uuid, registrering: { nummer } }: Written): Promise<Written | undefined> {
    const body = {
      attributter: {
        egenskaber: [{ virkning: { fra: '2021-01-01T00:00:00Z' }, beskrivelse: `${nummer}` }],
      },
    };
    return this.told(this.client.send('PATCH', `facetter/${uuid}`, body, { 'if-match': `"${nummer}"` }));
  }

  private async told(asked: Promise<Response>): Promise<Written | undefined> {
    try {
      const answer = await asked;
      const said = (await answer.json()) as Written & { kode?: string };
      if (answer.ok) {
        this.acknowledged.set(said.uuid, said.registrering.nummer);
        this.heard++;
        return said;
      }
      const { headers, status } = answer;
      const [type, retryAfter] = [headers.get('content-type'), headers.get('retry-after')];
      this.noes.push({ status, type, retryAfter, kode: said.kode });
    } catch {
      this.lost++;
    }
    return undefined;
  }
}
