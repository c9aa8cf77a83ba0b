import { explain } from './explain';
import type { Filter } from './filter';

const EVENT = { type: 'dk.x.klasse.rettet.v1', subject: 's', objekttype: 'Klasse', relateretobjekt: 'a,b' };
const LIST = '3c0e55b2-9d3f-4f2e-9c1f-0b7a52a3a7ab';
const told = (filter: Filter) => {
  const { dele } = explain([filter], EVENT, (_, value) => value === 'b');
  const { opfyldt, sti, tekst } = dele![0]!;
  return [opfyldt, sti, tekst];
};

test.each<[Filter, [boolean, string, string]]>([
  [{ exact: { objekttype: 'Klasse' } }, [true, '/filtre/0/exact/objekttype', 'objekttype er “Klasse”.']],
  [
    { exact: { objekttype: 'Facet' } },
    [false, '/filtre/0/exact/objekttype', 'objekttype er ikke “Facet”, men “Klasse”.'],
  ],
  [{ prefix: { type: 'dk.x.' } }, [true, '/filtre/0/prefix/type', 'type begynder med “dk.x.”.']],
  [{ suffix: { type: '.v2' } }, [false, '/filtre/0/suffix/type', 'type slutter ikke med “.v2”.']],
  [
    { exact: { opgaveemne: '27' } },
    [false, '/filtre/0/exact/opgaveemne', 'Beskeden har ikke opgaveemne, som filteret spørger efter.'],
  ],
  [
    { not: { exact: { subject: 's' } } },
    [false, '/filtre/0/not', 'Må ikke være opfyldt, og det er det dog.'],
  ],
  [
    { not: { exact: { subject: 't' } } },
    [true, '/filtre/0/not', 'Må ikke være opfyldt, og det er det heller ikke.'],
  ],
  [
    { any: [{ exact: { subject: 't' } }, { exact: { subject: 's' } }] },
    [true, '/filtre/0/any', 'Mindst én skal være opfyldt; 1 af 2 er det.'],
  ],
  [
    { exact: { subject: 's', objekttype: 'Facet' } },
    [false, '/filtre/0/exact', 'Alle skal være opfyldt; 1 af 2 er det.'],
  ],
  [
    { vaerdiliste: { attribut: 'relateretobjekt', uuid: LIST } },
    [true, '/filtre/0/vaerdiliste', `relateretobjekt står i værdilisten ${LIST}.`],
  ],
  [
    { vaerdiliste: { attribut: 'subject', uuid: LIST } },
    [false, '/filtre/0/vaerdiliste', `subject står ikke i værdilisten ${LIST}.`],
  ],
])('%j', (filter, expected) => expect(told(filter)).toEqual(expected));

test('a list that the event has nothing for', () => {
  const filter: Filter = { vaerdiliste: { attribut: 'subject', uuid: LIST } };
  expect(explain([filter], {}, () => true)).toMatchObject({
    opfyldt: false,
    dele: [{ tekst: 'Beskeden har ikke subject, som værdilisten skal rumme.' }],
  });
});

test('no filters', () =>
  expect(explain([], EVENT, () => false)).toEqual({
    opfyldt: true,
    sti: '/filtre',
    tekst: 'Der er ingen filtre, så alle beskeder passer.',
  }));
