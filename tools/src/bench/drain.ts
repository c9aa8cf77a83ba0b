import { Connection } from './connection';

export interface DrainJob {
  readonly port: number;
  readonly token: string;
  /** Address of the dueslag. */
  readonly path: string;
  readonly connections: number;
  /** Messages asked for at a time, and in all. */
  readonly limit: number;
  readonly count: number;
}
export interface Drained {
  readonly count: number;
  readonly seconds: number;
}

interface Claimed {
  readonly krav: string | null;
  readonly beskeder: readonly { readonly id: string }[];
}

/** Seconds that a claim may wait: it is never meant to. */
const WAIT = 10;

/** Claims messages and says that they have come, on every connection at once. @throws Error when there are too few. */
export async function drain({ port, token, path, connections, limit, count }: DrainJob): Promise<Drained> {
  const headers = `authorization: Bearer ${token}\r\n`;
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  let asked = 0;
  let taken = 0;
  const begin = performance.now();
  const work = async (connection: Connection): Promise<void> => {
    const post = async (to: string, body: object): Promise<string> => {
      const answer = await connection.ask('POST', `${path}/${to}`, headers, JSON.stringify(body));
      if (answer.status >= 300) throw new Error(`${path}/${to}: ${answer.status} ${answer.body}`);
      return answer.body;
    };
    while (asked < count) {
      const antal = Math.min(limit, count - asked);
      asked += antal;
      const { krav, beskeder } = JSON.parse(await post('krav', { antal, vent: WAIT })) as Claimed;
      if (krav === null) throw new Error(`${path}: nothing more after ${taken} of ${count}`);
      await post('kvitteringer', { krav, modtaget: beskeder.map(({ id }) => id) });
      taken += beskeder.length;
      // What was held back, being of a subject that somebody else had just then, is asked for again.
      asked -= antal - beskeder.length;
    }
  };
  try {
    await Promise.all(open.map(work));
  } finally {
    for (const connection of open) connection.close();
  }
  return { count: taken, seconds: (performance.now() - begin) / 1000 };
}
