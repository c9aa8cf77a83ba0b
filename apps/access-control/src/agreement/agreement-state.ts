import type { AGREEMENT_STATES } from '@stoettesystemer/model';

export type AgreementState = (typeof AGREEMENT_STATES)[number];

/** What an agreement can come to from where it is. A new version does not move it, for the old one stays in force. */
const NEXT: Readonly<Record<AgreementState, readonly AgreementState[]>> = {
  Kladde: ['Anmodet', 'Trukket'],
  Anmodet: ['Godkendt', 'Aktiv', 'Afvist', 'Trukket'],
  Afvist: ['Anmodet'],
  Trukket: ['Anmodet'],
  Godkendt: ['Aktiv', 'Ophaevet'],
  Aktiv: ['Udloebet', 'Ophaevet'],
  Udloebet: ['Godkendt', 'Aktiv', 'Ophaevet'],
  Ophaevet: [],
};

/** What nobody has to approve goes from a draft straight into force. */
const WITHOUT_APPROVAL: readonly AgreementState[] = ['Kladde', 'Afvist', 'Trukket'];

export const mayFollow = (from: AgreementState, to: AgreementState, isTest: boolean): boolean =>
  NEXT[from].includes(to) ||
  (isTest && WITHOUT_APPROVAL.includes(from) && (to === 'Godkendt' || to === 'Aktiv'));

/** Still the vendor's to edit. */
export const isDraft = (state: AgreementState | null): boolean =>
  state === 'Kladde' || state === 'Afvist' || state === 'Trukket';

/** Agreed on, whether or not the time has come or has gone. */
export const isAgreed = (state: AgreementState | null): boolean =>
  state === 'Godkendt' || state === 'Aktiv' || state === 'Udloebet';

/** What only the municipality can bring about. */
export const isTheirs = (state: AgreementState | null): boolean =>
  isAgreed(state) || state === 'Ophaevet' || state === 'Afvist';
