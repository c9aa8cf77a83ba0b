import { randomUUID } from 'node:crypto';
import type { Caller, Verb } from '@stoettesystemer/access';
import type { Ask } from '@stoettesystemer/engine';
import type { Declaration } from '@stoettesystemer/object';

/** Who stands in the registrations and the security log for what is done at the command line. */
const OPERATOR = '0be7a107-0000-4000-8000-000000000001';
const VERBS: readonly Verb[] = ['laes', 'skriv', 'slet', 'importer', 'historik'];

/** A request by whoever has the machine and the database's password: all rights to one municipality's objects. */
export function operatorAsk(service: string, owner: string, types: readonly Declaration[]): Ask {
  const privileges = types.flatMap(({ name }) => VERBS.map((verb) => `${name.toLowerCase()}:${verb}`));
  const caller: Caller = {
    service,
    owner,
    system: OPERATOR,
    subject: OPERATOR,
    assurance: null,
    agreement: null,
    agreementVersion: null,
    tokenId: randomUUID(),
    expires: Number.MAX_SAFE_INTEGER,
    groups: [{ kind: 'system', privileges, constraints: {} }],
  };
  return { caller, transaction: randomUUID() };
}
