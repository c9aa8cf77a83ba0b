import { type Figure, timesRate } from './figure';

/** What LoRa, the OIO reference implementation, does a second on a small machine with 100,000 objects and 16 connections. */
const PUBLISHED = {
  read: [719, 1025],
  'search by user key': [618, 632],
  'whole objects by search': [360, 378],
  create: [137, 196],
  patch: [187, 221],
} as const;

const TIMES = 10;

/** Two figures: against the lower and against the upper of LoRa's numbers. */
export const againstLoRa = (
  what: keyof typeof PUBLISHED,
  perSecond: readonly number[],
  objects: number,
): Figure[] =>
  PUBLISHED[what].map((published) =>
    timesRate(
      {
        name: `${what} at ${objects} objects and 16 connections, against LoRa's ${published}/s`,
        unit: '/s',
        target: TIMES,
      },
      perSecond,
      published,
    ),
  );
