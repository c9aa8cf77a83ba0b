import type { Rule } from '@stoettesystemer/engine';
import { Dueslag } from '@stoettesystemer/model';
import { invalid } from '@stoettesystemer/object';

/** What is pushed must have somewhere to go, at all times. */
export const mailboxRule: Rule = {
  types: [Dueslag.name],
  facets: ['egenskaber'],
  check({ action, after }) {
    if (action === 'slet' || action === 'passiver') return;
    for (const [at, { levering, modtager }] of (after['egenskaber'] ?? []).entries())
      if (levering === 'push' && modtager === undefined)
        throw invalid(
          'paakraevet',
          `/attributter/egenskaber/${at}/modtager`,
          'Et dueslag, hvis beskeder sendes, skal have en modtager.',
        );
  },
};
