import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { limits } from '@stoettesystemer/postgres';
import { Pool } from 'pg';
import { answer, givenArgument } from './child';
import { HandWritten } from './hand-written';
import { ownUsage } from './usage';

export interface BareArgument {
  readonly databaseUrl: string;
}

const READ = 'select body::text from plain where id = $1';

/**
 * The least that answers: node:http and the driver. `GET /<uuid>` gives one row of the table `plain` as it is;
 * `POST /sequence` and `POST /statement` write the rows of a new thing by hand-written SQL in one transaction.
 */
async function start({ databaseUrl }: BareArgument) {
  const pool = new Pool({ connectionString: databaseUrl, max: limits.pool.size });
  const hand = new HandWritten(pool);
  const give = (response: ServerResponse, status: number, body: string): void => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  };
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').slice(1);
    if (request.method === 'GET') {
      const { rows } = await pool.query<{ body: string }>({ name: 'read', text: READ, values: [path] });
      return give(response, rows[0] ? 200 : 404, rows[0]?.body ?? '{}');
    }
    const body = await textOf(request);
    const uuid = await (path === 'statement' ? hand.inOneStatement(body) : hand.inSequence(body));
    give(response, 201, JSON.stringify({ uuid }));
  };
  const server = createServer((request, response) => {
    respond(request, response).catch((cause: unknown) => give(response, 500, JSON.stringify(String(cause))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const calls = {
    port: () => port,
    usage: ownUsage,
    learn: (samples: readonly string[]) => hand.learn(samples),
  };
  answer(calls);
  return calls;
}

function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
    request.on('error', reject);
  });
}

export type BareCalls = Awaited<ReturnType<typeof start>>;
void start(givenArgument());
