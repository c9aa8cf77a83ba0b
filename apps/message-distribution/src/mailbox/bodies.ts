import { isUuid, parseInstant } from '@stoettesystemer/object';
import { makeShape, type Member, must } from '@stoettesystemer/server';

const LONGEST_REASON = 500;
export const MOST = { claim: 500, wait: 25, lease: 3600, receipts: 1000, positions: 10_000 } as const;

type Presence = Member['presence'];
const whole = (presence: Presence, least: number, most: number): Member => ({
  presence,
  checks: [
    must(
      'tal',
      `Skal være et helt tal fra ${least} til ${most}.`,
      (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
    ),
  ],
});
const isLine = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= most && !/[\p{Cc}]/u.test(value);

export interface ClaimBody {
  readonly antal?: number;
  readonly sekunder?: number;
  readonly vent?: number;
}
export const claimShape = makeShape('Krav', {
  antal: whole('given', 1, MOST.claim),
  sekunder: whole('given', 1, MOST.lease),
  vent: whole('given', 0, MOST.wait),
});

export interface ReceiptBody {
  readonly krav: string;
  readonly modtaget?: readonly string[];
  readonly afvist?: readonly { readonly id: string; readonly aarsag: string }[];
}
const rejectedShape = makeShape('Afvist', {
  id: {
    presence: 'required',
    checks: [must('type', 'Skal være beskedens id.', (value) => isLine(value, 4096))],
  },
  aarsag: {
    presence: 'required',
    checks: [
      must('laengde', `Skal være 1-${LONGEST_REASON} tegn på én linje.`, (value) =>
        isLine(value, LONGEST_REASON),
      ),
    ],
  },
});
const few = must(
  'antal',
  `Må højst være ${MOST.receipts}.`,
  (value) => Array.isArray(value) && value.length <= MOST.receipts,
);
export const receiptShape = makeShape('Kvittering', {
  krav: {
    presence: 'required',
    checks: [must('uuid', 'Skal være kravets UUID.', isUuid)],
    clean: (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  },
  modtaget: {
    presence: 'given',
    checks: [
      must(
        'type',
        'Skal være en liste af ider.',
        (value) => Array.isArray(value) && value.every((each) => isLine(each, 4096)),
      ),
      few,
    ],
  },
  afvist: { presence: 'given', checks: [few], many: rejectedShape },
});

const isPosition = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;

export interface DeadBody {
  readonly positioner?: readonly number[];
  readonly alle?: boolean;
}
export const deadShape = makeShape('Fejlede', {
  positioner: {
    presence: 'given',
    checks: [
      must(
        'type',
        `Skal være en liste af 1-${MOST.positions} positioner.`,
        (value) =>
          Array.isArray(value) &&
          value.length > 0 &&
          value.length <= MOST.positions &&
          value.every(isPosition),
      ),
    ],
  },
  alle: { presence: 'given', checks: [must('vaerdi', 'Kan kun være true.', (value) => value === true)] },
});

/** A position in the dueslag, or a moment. */
const place = (presence: Presence): Member => ({
  presence,
  checks: [
    must(
      'sted',
      'Skal være en position i dueslaget eller et tidspunkt med tidszone.',
      (value) => isPosition(value) || (typeof value === 'string' && parseInstant(value) !== null),
    ),
  ],
});
export interface ReplayBody {
  readonly fra: number | string;
  readonly til?: number | string;
}
export const replayShape = makeShape('Genafspil', { fra: place('required'), til: place('given') });
