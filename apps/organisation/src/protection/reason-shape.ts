import { invalid } from '@stoettesystemer/object';
import { makeShape, type Member, must } from '@stoettesystemer/server';

/** What is written of a deletion is all that is left of it. */
export interface Reason {
  readonly note: string;
}

const LONGEST = 1024;
/** Ten digits could be the number that is to be forgotten. */
const NUMBER = /(?<!\d)\d{6}[- ]?\d{4}(?!\d)/;

const note: Member = {
  checks: [
    must(
      'laengde',
      `Skal være en tekst på 1-${LONGEST} tegn uden styretegn.`,
      (value) =>
        typeof value === 'string' &&
        value.length > 0 &&
        [...value].length <= LONGEST &&
        !/[^\P{Cc}\t\n\r]/u.test(value),
    ),
  ],
  presence: 'required',
};

/** `{ "note": … }`: why. */
export const reasonShape = makeShape('Begrundelse', { note });

const CPR = must(
  'moenster',
  'Skal være ti cifre.',
  (value) => typeof value === 'string' && /^\d{10}$/.test(value),
);

/** Whoever has had the number, and why. */
export interface NumberAndReason extends Reason {
  readonly cprNummer: string;
}

export const numberShape = makeShape('AnonymiserCpr', {
  cprNummer: { checks: [CPR], presence: 'required' },
  note,
});

/** @throws Refusal 422 for a reason that says nothing, or a number that is to be forgotten. */
export function mustBeTold({ note: told }: Reason): void {
  if (told.trim() === '') throw invalid('begrundelse', '/note', 'Skriv hvorfor.');
  if (NUMBER.test(told)) throw invalid('cpr_nummer', '/note', 'Begrundelsen må ikke have et CPR-nummer.');
}
