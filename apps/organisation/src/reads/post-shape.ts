import { isUuid } from '@stoettesystemer/object';
import { makeShape, must } from '@stoettesystemer/server';

/** Whose posts are asked for. */
export interface PostQuestion {
  readonly bruger?: string;
  readonly person?: string;
  readonly cprNummer?: string;
  readonly limit?: number;
  readonly cursor?: string | null;
}

const uuid = must('uuid', 'Skal være en UUID.', isUuid);
const cpr = must(
  'cpr',
  'Skal være ti cifre.',
  (value) => typeof value === 'string' && /^\d{10}$/.test(value),
);
const alone = must(
  'modstrid',
  'Sig netop én af bruger, person og cprNummer.',
  (_, { bruger, person, cprNummer }) =>
    [bruger, person, cprNummer].filter((each) => each !== undefined).length === 1,
);
const count = must(
  'tal',
  'Skal være et helt tal fra 1 til 500.',
  (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 500,
);
const text = must('type', 'Skal være en tekst.', (value) => typeof value === 'string');

export const postShape = makeShape('Postsoegning', {
  bruger: { checks: [uuid, alone], presence: 'given' },
  person: { checks: [uuid, alone], presence: 'given' },
  cprNummer: { checks: [cpr, alone], presence: 'given' },
  limit: { checks: [count], presence: 'given' },
  cursor: { checks: [text], presence: 'optional' },
});
