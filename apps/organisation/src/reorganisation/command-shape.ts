import { type Member, makeShape, must } from '@stoettesystemer/server';

const MOST_NOTE = 1024;
const isText = (value: unknown, most: number): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= most;

const note: Member = {
  checks: [
    must('laengde', `Skal være en tekst på 1-${MOST_NOTE} tegn.`, (value) => isText(value, MOST_NOTE)),
  ],
  presence: 'optional',
};
const basis: Member = {
  checks: [must('type', 'Skal være grundlag fra konsekvenserne.', (value) => isText(value, 100))],
  presence: 'required',
};

/** What is said with each command. */
export interface Wish {
  readonly note?: string | null;
}
export interface ApplyWish extends Wish {
  readonly grundlag: string;
}
export const APPLY = makeShape('Anvend', { note, grundlag: basis });
export const UNDO = makeShape('Fortryd', { note });
