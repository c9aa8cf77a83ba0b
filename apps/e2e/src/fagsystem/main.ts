import { readFileSync } from 'node:fs';
import { Client, Inbox } from '@stoettesystemer/client';
import type { JWK } from 'jose';
import { Pool } from 'pg';
import { copyClass, SCHEMA } from './class-copy';
import { ownMailbox } from './own-mailbox';

/**
 * A case system as a vendor could write it: it keeps a copy of the classes, and hears of changes through a dueslag. It may
 * be killed at any moment, and as many of it may run as one likes.
 *
 *   ADRESSE    where the støttesystemer are       CVR            the municipality it acts for
 *   SYSTEM     its UUID                           DATABASE_URL   its own PostgreSQL
 *   NOEGLE     file with its private key as JWK   SEKUNDER       of a lease: how soon another takes over from one that died
 */
const said = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

async function run(signal: AbortSignal): Promise<void> {
  const client = new Client({
    address: said('ADRESSE'),
    system: said('SYSTEM'),
    key: JSON.parse(readFileSync(said('NOEGLE'), 'utf8')) as JWK,
    owner: said('CVR'),
    // Against a platform in profile udvikling.
    bound: false,
  });
  const pool = new Pool({ connectionString: said('DATABASE_URL'), max: 2 });
  await pool.query(SCHEMA);
  const inbox = new Inbox({ consumer: 'klasser' });
  const mailbox = client.mailbox(await ownMailbox(client));
  process.stdout.write('klar\n');
  await mailbox.consume(
    async (message) => {
      await inbox.receive(pool, message, (session) => copyClass(client, session, message));
    },
    {
      signal,
      count: 20,
      seconds: Number(process.env['SEKUNDER'] ?? 60),
      failed: (cause) => process.stderr.write(`${String(cause)}\n`),
    },
  );
  await pool.end();
}

const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
run(stopping.signal).catch((cause: unknown) => {
  process.stderr.write(`${String(cause)}\n`);
  process.exit(1);
});
