import { answer } from './child';
import { Connection } from './connection';
import { drain } from './drain';
import { quantile } from './figure';
import { requestsOf, type Workload } from './workload';

export interface Job {
  readonly port: number;
  /** Null for a server that asks for no token. */
  readonly token: string | null;
  readonly workload: Workload;
  readonly connections: number;
  /** It ends when so many seconds have passed or so many requests were answered. */
  readonly seconds: number;
  readonly most: number;
}

export interface Outcome {
  readonly count: number;
  readonly seconds: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Characters of the last answer's body. */
  readonly length: number;
}

/** Keeps every connection busy with one request at a time. @throws Error at the first answer that is not a good one. */
async function load({ port, token, workload, connections, seconds, most }: Job): Promise<Outcome> {
  const authorization = token === null ? '' : `authorization: Bearer ${token}\r\n`;
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const times: number[] = [];
  let started = 0;
  let length = 0;
  const begin = performance.now();
  const end = begin + seconds * 1000;
  const work = async (connection: Connection, at: number): Promise<void> => {
    const next = requestsOf(workload, port, at, connections);
    for (let now = performance.now(); now < end && started < most;) {
      started++;
      const { method, path, headers = '', body, type } = next();
      const { status, body: said } = await connection.ask(method, path, authorization + headers, body, type);
      if (status >= 300) throw new Error(`${method} ${path}: ${status} ${said}`);
      length = said.length;
      const then = now;
      now = performance.now();
      times.push(now - then);
    }
  };
  try {
    await Promise.all(open.map(work));
  } finally {
    for (const connection of open) connection.close();
  }
  const passed = (performance.now() - begin) / 1000;
  times.sort((a, b) => a - b);
  return {
    count: times.length,
    seconds: passed,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    p99: quantile(times, 0.99),
    length,
  };
}

const calls = { load, drain };
export type LoadCalls = typeof calls;
answer(calls);
