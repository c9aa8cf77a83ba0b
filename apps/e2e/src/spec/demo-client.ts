import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@stoettesystemer/client';
import type { JWK } from 'jose';
import type { Platform } from './platform';

export const TOWN = '12345678';

/** UUIDs of the demo systems that the stories are about. */
export const SYSTEMS = {
  'demo-fagsystem': 'd3300000-0000-4000-8000-000000000001',
  'demo-kommune': 'd3300000-0000-4000-8000-000000000005',
  'demo-app': 'd3300000-0000-4000-8000-000000000006',
  'demo-faelles': 'd3300000-0000-4000-8000-000000000003',
  'demo-leverandoer': 'd3300000-0000-4000-8000-000000000004',
} as const;
export type DemoSystem = keyof typeof SYSTEMS;

export const keyFileOf = ({ dataDir }: Pick<Platform, 'dataDir'>, system: DemoSystem): string =>
  join(dataDir, 'demo', `${system}.jwk`);

/** A demo system by the client that vendors install. */
export function demoClient(
  platform: Pick<Platform, 'url' | 'dataDir'>,
  system: DemoSystem,
  owner = TOWN,
): Client {
  return new Client({
    address: platform.url,
    system: SYSTEMS[system],
    key: JSON.parse(readFileSync(keyFileOf(platform, system), 'utf8')) as JWK,
    owner,
    bound: false,
  });
}
