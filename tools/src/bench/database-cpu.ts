import { readdirSync, readFileSync } from 'node:fs';
import { Client } from 'pg';

const MICROSECONDS_OF_TICK = 10_000;

interface Times {
  readonly parent: number;
  readonly own: number;
  /** Of children that have ended. */
  readonly ofChildren: number;
}

function timesOf(process: number | string): Times | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${process}/stat`, 'utf8');
  } catch {
    return null;
  }
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0, own = 0, ofChildren = 0] = [
    fields[1],
    fields[11]! + fields[12]!,
    fields[13]! + fields[14]!,
  ];
  return { parent, own, ofChildren };
}

/** Processor time of every process of a PostgreSQL server on this machine, where the system tells of it (Linux). */
export class DatabaseCpu {
  private constructor(private readonly postmaster: number | null) {}

  static async of(url: string): Promise<DatabaseCpu> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      return new DatabaseCpu(timesOf(rows[0]?.pid ?? 0)?.parent ?? null);
    } finally {
      await client.end();
    }
  }

  /** Microseconds since the server started; 0 where it cannot be known. */
  now(): number {
    if (this.postmaster === null) return 0;
    const server = timesOf(this.postmaster);
    let ticks = (server?.own ?? 0) + (server?.ofChildren ?? 0);
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const times = timesOf(name);
      if (times?.parent === this.postmaster) ticks += times.own;
    }
    return ticks * MICROSECONDS_OF_TICK;
  }
}
