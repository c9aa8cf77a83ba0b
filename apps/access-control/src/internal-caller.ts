import type { Caller, Verb } from '@stoettesystemer/access';
import { accessControlTypes } from '@stoettesystemer/model';

/** Adgangsstyring itself, in its own registrations and log. */
export const OURSELVES = 'ad6a0000-0000-4000-8000-000000000001';

const VERBS: readonly Verb[] = ['laes', 'skriv', 'slet', 'importer', 'historik'];

const made = new WeakSet<Caller>();

/** Whether it is the service itself, which no token can say. */
export const isInternal = (caller: Caller): boolean => made.has(caller);

/** The service acting by itself for a municipality, with every right to its own types: to decide, not to answer with. */
export function internalCaller(owner: string): Caller {
  const caller: Caller = {
    service: 'adgangsstyring',
    owner,
    system: OURSELVES,
    subject: OURSELVES,
    assurance: null,
    agreement: null,
    agreementVersion: null,
    tokenId: 'internt',
    expires: Number.MAX_SAFE_INTEGER,
    groups: [
      {
        kind: 'system',
        privileges: [
          ...accessControlTypes.flatMap(({ name }) => VERBS.map((verb) => `${name.toLowerCase()}:${verb}`)),
          'adgangsstyring:anmod',
          'adgangsstyring:godkend',
        ],
        constraints: { organisation: '*' },
      },
    ],
  };
  made.add(caller);
  return caller;
}
