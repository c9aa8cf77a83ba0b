import { searchFields } from '@stoettesystemer/engine';
import { Boeje, Skib } from '../spec/made-up';
import { searchFieldsOf } from './search-fields';

const namesOf = (type: typeof Skib | typeof Boeje): string[] => searchFieldsOf(type).map(({ name }) => name);

test('what is offered is what the engine searches by', () => {
  expect(namesOf(Skib).sort()).toEqual([...searchFields(Skib)].sort());
});

test('words are offered only where there are words', () => {
  expect(searchFields(Boeje).filter((name) => !namesOf(Boeje).includes(name))).toEqual(['tekst']);
});

test('what is told of persons is known as such', () => {
  const personal = searchFieldsOf(Skib).filter((field) => field.personal);
  expect(personal.map(({ name }) => name)).toEqual(['mandskab', 'mandskab.fuldtNavn']);
});
