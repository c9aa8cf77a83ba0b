import { Client, escapeIdentifier } from 'pg';

/** Stops the run's own server, or leaves an external one without the run's databases. */
export default async function globalTeardown(): Promise<void> {
  if (globalThis.testServer) return globalThis.testServer.stop();
  const client = new Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      'select datname as name from pg_database where starts_with(datname, $1)',
      [`test_${process.env['TEST_RUN']}_`],
    );
    for (const { name } of rows) await client.query(`drop database ${escapeIdentifier(name)} with (force)`);
  } finally {
    await client.end();
  }
}
