import { makeShape, must } from '@stoettesystemer/server';

const LONGEST = 1024;

const note = must(
  'laengde',
  `Skal være en tekst på 1-${LONGEST} tegn uden styretegn.`,
  (value) =>
    typeof value === 'string' &&
    value.length > 0 &&
    [...value].length <= LONGEST &&
    !/[^\P{Cc}\t\n\r]/u.test(value),
);

/** What may be said with a step: `{ "note": … }`, or nothing. */
export const stepShape = makeShape('Trin', { note: { checks: [note], presence: 'optional' } });
