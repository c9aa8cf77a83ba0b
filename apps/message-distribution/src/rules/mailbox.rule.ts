import type { Rule } from '@stoettesystemer/engine';
import { Dueslag } from '@stoettesystemer/model';
import { invalid } from '@stoettesystemer/object';
import { registeredFault } from '../push/permitted-receiver';
import type { Exceptions } from '../standard-webhooks/receiver-address';

/** What is pushed must have somewhere to go, at all times, and nowhere that messages may not be sent to (C19). */
export const mailboxRule = (except: Exceptions = []): Rule => ({
  types: [Dueslag.name],
  facets: ['egenskaber'],
  check({ action, after }) {
    if (action === 'slet' || action === 'passiver') return;
    for (const [at, { levering, modtager }] of (after['egenskaber'] ?? []).entries()) {
      const sti = `/attributter/egenskaber/${at}/modtager`;
      if (levering === 'push' && modtager === undefined)
        throw invalid('paakraevet', sti, 'Et dueslag, hvis beskeder sendes, skal have en modtager.');
      const fault = modtager === undefined ? null : registeredFault(modtager as string, sti, except);
      if (fault) throw invalid(fault.kode, fault.sti, fault.besked);
    }
  },
});
