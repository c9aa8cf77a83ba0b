import type { Child } from './child';
import type { DatabaseCpu } from './database-cpu';
import { median } from './figure';
import type { Job, LoadCalls, Outcome } from './load-generator';
import type { Usage } from './usage';
import type { Workload } from './workload';

/** A server process that can be loaded. */
export interface Server {
  readonly port: number;
  /** A fresh one for each round: they do not last long. */
  token(): Promise<string | null>;
  usage(): Promise<Usage>;
  /** Ends the process. */
  end(): Promise<void>;
}

export interface Contestant {
  readonly name: string;
  readonly server: Server;
  readonly workload: Workload;
  readonly connections?: number;
}

/** One round of one contestant. Costs in microseconds of processor time a request, times in milliseconds. */
export interface Sample {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly serverCpu: number;
  readonly databaseCpu: number;
  readonly length: number;
}
export type Samples = Readonly<Record<string, readonly Sample[]>>;

/** A line of the table that shows everything that was measured of a contestant. */
export interface Row extends Sample {
  readonly name: string;
}

export interface Pace {
  readonly rounds: number;
  readonly seconds: number;
}

const CONNECTIONS = 16;
const MOST = 1_000_000;
/** Seconds that a visit to every thing may take. */
const LONGEST = 600;
/** Seconds that are not counted: a process' first thousands of requests are its compiler's. */
const WARM_UP = 3;

/** Runs contestants turn about, so that what else the machine does meets them all. */
export class Rounds {
  readonly rows: Row[] = [];

  constructor(
    private readonly generator: Child<LoadCalls>,
    private readonly database: DatabaseCpu,
    private readonly pace: Pace,
  ) {}

  async run(contestants: readonly Contestant[]): Promise<Samples> {
    const samples: Record<string, Sample[]> = {};
    for (const contestant of contestants) await this.load(contestant, WARM_UP);
    for (let round = 0; round < this.pace.rounds; round++)
      for (const contestant of contestants)
        (samples[contestant.name] ??= []).push(await this.sample(contestant));
    for (const { name } of contestants) this.rows.push({ name, ...medians(samples[name]!) });
    return samples;
  }

  /** Has every thing read once by a service, as by one that has run for a day. */
  async visit(server: Server, path: string, count: number): Promise<void> {
    const workload = { kind: 'tour', path, first: 0, count } as const;
    const token = await server.token();
    const job = {
      port: server.port,
      token,
      workload,
      connections: CONNECTIONS,
      seconds: LONGEST,
      most: count,
    };
    await this.generator.call('load', job);
  }

  private async sample(contestant: Contestant): Promise<Sample> {
    const [{ cpu: server }, database] = [await contestant.server.usage(), this.database.now()];
    const { count, seconds, p50, p95, p99, length } = await this.load(contestant, this.pace.seconds);
    const [{ cpu: serverAfter }, databaseAfter] = [await contestant.server.usage(), this.database.now()];
    return {
      perSecond: count / seconds,
      p50,
      p95,
      p99,
      serverCpu: (serverAfter - server) / count,
      databaseCpu: (databaseAfter - database) / count,
      length,
    };
  }

  private async load(
    { server, workload, connections = CONNECTIONS }: Contestant,
    seconds: number,
  ): Promise<Outcome> {
    const job: Job = {
      port: server.port,
      token: await server.token(),
      workload,
      connections,
      seconds,
      most: MOST,
    };
    return this.generator.call('load', job);
  }
}

function medians(samples: readonly Sample[]): Sample {
  const of = (read: (sample: Sample) => number): number => median(samples.map(read));
  return {
    perSecond: of(({ perSecond }) => perSecond),
    p50: of(({ p50 }) => p50),
    p95: of(({ p95 }) => p95),
    p99: of(({ p99 }) => p99),
    serverCpu: of(({ serverCpu }) => serverCpu),
    databaseCpu: of(({ databaseCpu }) => databaseCpu),
    length: of(({ length }) => length),
  };
}
