import {
  type Declaration,
  define,
  group,
  isPersonal,
  keyed,
  many,
  one,
  sectionOf,
  state,
} from './declaration';
import { choice, text } from './field';

const base = (parts: Partial<Declaration> = {}): Declaration => ({
  name: 'Ting',
  path: 'ting',
  doc: 'En ting.',
  deletion: 'logical',
  attributes: {
    egenskaber: group('Egenskaber.', { navn: text({ required: true, max: 10, doc: 'Navnet.' }) }),
  },
  states: { gyldighed: state(['Aktiv', 'Inaktiv'], { doc: 'Gyldigheden.' }) },
  relations: {
    overordnet: one('Ting', { doc: 'Den over.' }),
    naboer: many('Ting', { doc: 'Dem ved siden af.' }),
  },
  ...parts,
});
const withFields = (fields: Parameters<typeof group>[1]): Declaration =>
  base({ attributes: { egenskaber: group('Egenskaber.', fields) } });

describe('a declaration', () => {
  it('is frozen all the way down', () => {
    const type = define(base());
    expect(Object.isFrozen(type.attributes['egenskaber']?.fields['navn'])).toBe(true);
    expect(Object.isFrozen(type.states['gyldighed']?.values)).toBe(true);
    expect(() => Object.assign(type, { name: 'Andet' })).toThrow(TypeError);
  });

  it.each<[string, Declaration]>([
    [
      'Ting.navn: declared twice',
      base({
        states: { navn: state(['A'], { doc: 'A.' }) },
        relations: { navn: one('Ting', { doc: 'B.' }) },
      }),
    ],
    ['Ting.Navn: not a camelCase ASCII name', base({ states: { Navn: state(['A'], { doc: 'A.' }) } })],
    ['Ting.nævn: not a camelCase ASCII name', base({ states: { nævn: state(['A'], { doc: 'A.' }) } })],
    [
      'Ting.egenskaber.slut: the name is taken by the contract',
      withFields({ slut: text({ max: 1, doc: 'Nej.' }) }),
    ],
    ['Ting.egenskaber.navn: has no doc', withFields({ navn: text({ max: 1, doc: '' }) })],
    [
      'Ting.egenskaber.navn: a searched text holds at most 600 characters',
      withFields({ navn: text({ max: 601, search: true, doc: 'Langt.' }) }),
    ],
    [
      'Ting.linje: its key must be a required text',
      base({ attributes: { linje: keyed('id', 'Linjer.', { id: text({ max: 5, doc: 'Nøglen.' }) }) } }),
    ],
    [
      'Ting.linje: its key must be a required text',
      base({
        attributes: {
          linje: keyed('id', 'Linjer.', { id: choice(['a'], { required: true, doc: 'Nøglen.' }) }),
        },
      }),
    ],
    [
      'Ting.overordnet: only 0..n relations have an index',
      base({ relations: { overordnet: one('Ting', { indexed: true, doc: 'Nej.' }) } }),
    ],
    [
      'Ting.part: textField must be one of its searched members',
      base({
        relations: {
          part: many('Person', {
            textField: 'navn',
            fields: { navn: text({ max: 9, doc: 'Navnet.' }) },
            doc: 'Nej.',
          }),
        },
      }),
    ],
    ['Ting.access.kle: no facet klasse', base({ access: { kle: { facet: 'klasse' } } })],
  ])('is refused: %s', (message, declaration) => expect(() => define(declaration)).toThrow(message));

  it('says which section a facet stands in, and knows no facet that it was not told of', () => {
    const type = define(base());
    expect(['egenskaber', 'gyldighed', 'naboer'].map((facet) => sectionOf(type, facet))).toEqual([
      'attributter',
      'tilstande',
      'relationer',
    ]);
    for (const stranger of ['andet', 'constructor', 'toString', '__proto__'])
      expect(sectionOf(type, stranger)).toBeUndefined();
  });

  it('is personal when any part of it is', () => {
    expect(isPersonal(define(base()))).toBe(false);
    expect(isPersonal(define(withFields({ navn: text({ max: 9, personal: true, doc: 'Navnet.' }) })))).toBe(
      true,
    );
    expect(
      isPersonal(define(base({ relations: { part: one('Person', { personal: true, doc: 'Parten.' }) } }))),
    ).toBe(true);
    const field = { fields: { navn: text({ max: 9, personal: true, doc: 'Navnet.' }) } };
    expect(
      isPersonal(define(base({ relations: { part: many('Person', { ...field, doc: 'Parten.' }) } }))),
    ).toBe(true);
  });
});
