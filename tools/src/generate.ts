import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { accessControl } from '@stoettesystemer/access-control';
import { classification } from '@stoettesystemer/classification';
import { organisation } from '@stoettesystemer/organisation';
import { migrate } from '@stoettesystemer/engine';
import { messageDistribution } from '@stoettesystemer/message-distribution';
import { asyncApi } from '@stoettesystemer/feed';
import { serviceDatabase, startEmbedded } from '@stoettesystemer/postgres';
import { openApi, type ServiceOptions } from '@stoettesystemer/server';
import { modelDocs } from './model-docs';
import { schemaSql } from './schema-sql';
import { services } from './services';

const root = join(__dirname, '../..');
const apps: readonly ServiceOptions[] = [accessControl, organisation, classification, messageDistribution];

const titleOf = ({ title, prefix }: ServiceOptions): string =>
  title ?? `${prefix.charAt(0).toUpperCase()}${prefix.slice(1)}`;
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The schema of a freshly migrated database on a server of its own. */
async function schema(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stoette-generate-'));
  const server = await startEmbedded({ dataDir, test: true });
  try {
    const url = await serviceDatabase({ url: server.url, prefix: 'stoette' }, 'skema');
    await migrate(url);
    return await schemaSql(url);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Every generated file, by its path in the repository. */
async function generated(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const app of apps) {
    const { prefix: service, types, additions } = app;
    const document = openApi({ service, title: titleOf(app) }, types, additions);
    files.set(`docs/generated/${service}.openapi.json`, json(document));
    files.set(`docs/generated/${service}.asyncapi.json`, json(asyncApi(service, types)));
  }
  files.set('libs/model/README.md', modelDocs(services));
  files.set('libs/engine/schema.sql', await schema());
  return files;
}

/** Writes the generated files, or with `--check` fails when one is not as it would be written. */
async function run(check: boolean): Promise<void> {
  const stale: string[] = [];
  for (const [path, content] of await generated()) {
    const file = join(root, path);
    const present = await readFile(file, 'utf8').catch(() => null);
    if (present === content) continue;
    stale.push(path);
    if (check) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  if (!check)
    console.log(
      stale.length === 0 ? 'Nothing has changed.' : stale.map((path) => `wrote ${path}`).join('\n'),
    );
  else if (stale.length > 0)
    throw new Error(`Not as generated: ${stale.join(', ')}. Run npm run generate and commit what it writes.`);
}

run(process.argv.includes('--check')).catch((cause: unknown) => {
  console.error(cause instanceof Error ? cause.message : cause);
  process.exitCode = 1;
});
