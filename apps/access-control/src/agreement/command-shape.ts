import { isObject, type Member, makeShape, must, type Shape } from '@stoettesystemer/server';
import { parseInstant } from '@stoettesystemer/object';
import type { Command } from './commands';

const NOTE = must('type', 'Skal være en tekst.', (value) => typeof value === 'string');
const INSTANT = must(
  'tidspunkt',
  'Skal være et tidspunkt med tidszone, for eksempel 2026-01-31T12:00:00Z.',
  (value) => typeof value === 'string' && parseInstant(value) !== null,
);
const OBJECTS = must(
  'type',
  'Skal være en liste af objekter.',
  (value) => Array.isArray(value) && value.every(isObject),
);

const note: Member = { checks: [NOTE], presence: 'optional' };
const why: Member = { checks: [NOTE], presence: 'required' };
const time: Member = { checks: [INSTANT], presence: 'optional' };

/** What each command takes. The members of roles and restrictions are checked as the declaration has them. */
export const SHAPES: Readonly<Record<Command, Shape>> = {
  anmod: makeShape('Anmod', { note, fra: time, til: time }),
  traek: makeShape('Traek', { note }),
  godkend: makeShape('Godkend', { note, fra: time, til: time }),
  afvis: makeShape('Afvis', { note: why }),
  ophaev: makeShape('Ophaev', { note: why, fra: time }),
  'ny-version': makeShape('NyVersion', {
    note,
    fra: time,
    til: time,
    rolle: { checks: [OBJECTS], presence: 'required' },
    afgraensning: { checks: [OBJECTS], presence: 'optional' },
  }),
};
