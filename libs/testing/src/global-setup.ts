import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// Jest maps no module names here, and the libraries need not be built: hence the source, by its path.
import { ensureRoles } from '../../postgres/src/ensure-roles';
import { type EmbeddedServer, startEmbedded } from '../../postgres/src/embedded/start-embedded';

declare global {
  var testServer: EmbeddedServer | undefined;
}

/** One server for the whole run, in a folder of its own; the spec files find it in TEST_DATABASE_URL. */
export default async function globalSetup(): Promise<void> {
  // Names the run's template databases, so that an external server's from an earlier run are not taken for them.
  process.env['TEST_RUN'] = Date.now().toString(36);
  if (!process.env['TEST_DATABASE_URL']) {
    const dataDir = mkdtempSync(join(tmpdir(), 'stoettesystemer-test-'));
    // Where we are root the server runs as another account, which must be able to pass.
    chmodSync(dataDir, 0o755);
    globalThis.testServer = await startEmbedded({ dataDir, test: true });
    process.env['TEST_DATABASE_URL'] = globalThis.testServer.url;
  }
  await ensureRoles(process.env['TEST_DATABASE_URL']);
}
