import { isObject, makeShape, must } from '@stoettesystemer/server';

export const trialShape = makeShape('Proeve', {
  filtre: {
    presence: 'required',
    checks: [must('type', 'Skal være en liste af filtre.', (value) => Array.isArray(value))],
  },
  besked: { presence: 'required', checks: [must('type', 'Skal være en besked.', isObject)] },
});
