import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMMON_OWNER } from '@stoettesystemer/access';
import type { BulkItem } from '@stoettesystemer/engine';
import { SERVICES } from '@stoettesystemer/model';
import { isUuid } from '@stoettesystemer/object';
import { ADDRESS } from '../mail/address';
import { readJwk } from '../roles/public-key';
import { pointing, seeded } from './body';
import { roleUuid, serviceUuid } from './catalogue';
import { uuidFor } from './identity';
import { RESTRICTIONS } from './restriction-types';

type Seeded = Omit<BulkItem, 'line'>;

/** An organisation's first system: who it acts for, and what the operator has been handed of it. */
export interface Connection {
  /** CVR. */
  readonly owner: string;
  readonly uuid: string;
  readonly navn: string;
  readonly rollepostkasse: string;
  /** Its public key, as JSON. */
  readonly jwk: string;
  readonly kid: string;
}

/** `12345678.json`, or `12345678-anna.json` where an organisation has several. */
const FILE = /^([1-9]\d{7})(-[a-z0-9]{1,30})?\.json$/;
const OURS = 'adgangsstyring';

export const connectionFolder = (dataDir: string): string => join(dataDir, 'tilslutning');

/**
 * Reads the folder in which the operator puts those who are to be the first: nobody has a token before somebody has an
 * agreement, and there is nobody to approve that. @param failed hears, in Danish, of a file that cannot be used.
 */
export async function connectionsIn(
  folder: string,
  failed: (file: string, why: string) => void,
): Promise<Connection[]> {
  const files = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw cause;
  });
  const found: Connection[] = [];
  for (const file of files.sort()) {
    const read = connectionOf(file, await readFile(join(folder, file), 'utf8'));
    if (typeof read === 'string') failed(file, read);
    else found.push(read);
  }
  return found;
}

/** The connection, or what is wrong with it; nothing of the file is quoted, for it may hold a secret by mistake. */
function connectionOf(file: string, text: string): Connection | string {
  const [, owner] = FILE.exec(file) ?? [];
  if (owner === undefined) return 'Navnet skal være et CVR-nummer og .json.';
  let said: Record<string, unknown>;
  try {
    said = Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return 'Indholdet er ikke JSON.';
  }
  const { uuid, navn, rollepostkasse } = said;
  const key = Object(said['jwk']) as Record<string, unknown>;
  const { kid } = key;
  if (!isUuid(uuid)) return 'uuid mangler eller er ikke et UUID.';
  if (typeof navn !== 'string' || navn === '') return 'navn mangler.';
  if (typeof rollepostkasse !== 'string' || !ADDRESS.test(rollepostkasse))
    return 'rollepostkasse mangler eller er ikke en mailadresse.';
  if (typeof kid !== 'string' || kid === '') return 'jwk mangler, eller den har ikke noget kid.';
  const jwk = JSON.stringify(key);
  const read = readJwk(jwk, kid);
  if ('fault' in read) return read.fault;
  return { owner, uuid: uuid.toLowerCase(), navn, rollepostkasse, jwk, kid };
}

export const connectedSystem = ({ owner, uuid, navn, rollepostkasse, jwk, kid }: Connection): Seeded =>
  seeded(
    'ItSystem',
    uuid,
    {
      egenskaber: { navn, organisationCvr: owner, rollepostkasse, vilkaarAccepteret: true },
      systemtype: { navn: 'Anvendersystem' },
      noegle: { kid, brug: 'Token', jwk },
    },
    { tilstande: { tilstand: 'Aktiv' } },
  );

/** What a municipality needs to serve itself; and the common organisation, to let vendors in. */
export function connectedAgreement({ owner, uuid, navn }: Connection): Seeded {
  const isCommon = owner === COMMON_OWNER;
  const given = [
    [OURS, 'myndighed'],
    ...(isCommon ? ['leverandoer', 'rediger'].map((role) => [OURS, role] as const) : []),
    ...Object.keys(SERVICES).map((prefix) => [prefix, 'sikkerhedslog'] as const),
  ] as const;
  const idOf = (prefix: string, role: string) => `${prefix}-${role}`;
  return seeded(
    'Serviceaftale',
    uuidFor(`connection ${uuid}`),
    {
      egenskaber: {
        navn,
        formaal:
          'At administrere adgange. Skrevet af den, der driver støttesystemerne, da der ikke var nogen før.',
        aftaletype: 'Produktion',
        leverandoerCvr: owner,
        version: 1,
      },
      rolle: given.map(([prefix, role]) => ({
        id: idOf(prefix, role),
        servicesystemrolle: roleUuid(prefix, role),
      })),
      ...(isCommon
        ? {
            afgraensning: {
              id: 'organisation',
              rolleId: idOf(OURS, 'rediger'),
              dataafgraensningstype: RESTRICTIONS.organisation,
              vaerdier: ['*'],
            },
          }
        : {}),
    },
    {
      tilstande: { status: 'Aktiv' },
      relationer: {
        anvendersystem: pointing(uuid),
        service: [...new Set(given.map(([prefix]) => prefix))].map((prefix) => pointing(serviceUuid(prefix))),
      },
    },
  );
}
