import { randomUUID } from 'node:crypto';
import type { Caller, PrivilegeGroup } from '@stoettesystemer/access';
import { type Declaration, GUARDS } from '@stoettesystemer/object';

const VERBS = ['laes', 'skriv', 'slet', 'importer', 'historik'] as const;

export const privilegesOf = (types: readonly Declaration[]): string[] =>
  types.flatMap(({ name }) => VERBS.map((verb) => `${name.toLowerCase()}:${verb}`));

/** A caller as a verified token gives one. Without `groups` an it-system that may do everything to the types. */
export function callerOf(options: {
  service: string;
  owner: string;
  types: readonly Declaration[];
  groups?: readonly PrivilegeGroup[];
  system?: string;
  subject?: string;
}): Caller {
  const system = options.system ?? randomUUID();
  return {
    service: options.service,
    owner: options.owner,
    system,
    subject: options.subject ?? system,
    assurance: null,
    agreement: null,
    agreementVersion: null,
    tokenId: randomUUID(),
    expires: Math.floor(Date.now() / 1000) + 300,
    groups: options.groups ?? [
      {
        kind: 'system',
        privileges: privilegesOf(options.types),
        constraints: Object.fromEntries(GUARDS.map((guard) => [guard, '*'])),
      },
    ],
  };
}
