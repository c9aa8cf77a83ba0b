import { one } from '@stoettesystemer/object';

/** Whose it is: the it-system that made it, and nobody else's to see. */
export const itsSystem = one('ItSystem', {
  search: true,
  caller: true,
  doc: 'It-systemet, som det tilhører: det, der kalder, når intet er sagt.',
});

export const belongsToSystem = { itsystem: { facet: 'anvendersystem' } } as const;
