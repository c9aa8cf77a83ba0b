import { Ting } from '@stoettesystemer/testing';
import { beskedtypeOf } from './beskedtype';
import { sequenceOf, toCloudEvent } from './cloud-event';

it('orders sequences as texts the way their positions are ordered', () => {
  const positions = [1, 9, 10, 4711, 99_999, 100_000, Number.MAX_SAFE_INTEGER];
  const texts = positions.map(sequenceOf);
  expect(texts.toSorted()).toEqual(texts);
  expect(texts.every((text) => /^\d{20}$/.test(text))).toBe(true);
});

it('gives each beskedtype one name-based UUID, the same for ever', () => {
  expect(beskedtypeOf('klassifikation', 'Klasse', 'rettet')).toBe('dfd9017b-9570-547b-834d-390887bfb00f');
  expect(beskedtypeOf('klassifikation', 'Klasse', 'slettet')).not.toBe(
    beskedtypeOf('klassifikation', 'Klasse', 'rettet'),
  );
});

it('keeps the leading zero of a CVR that has one', () => {
  const event = toCloudEvent('proeve', Ting, {
    pos: 1,
    owner: 1234567,
    registration: '3f2b8f0e-7a63-4a0e-9d0b-0d3b1c5a9e11',
    type: 'Ting',
    object_id: '6c0ad0a5-4e2c-4c3f-9e0f-0a8f5a0b1c2d',
    number: 1,
    action: 'opstaaet',
    time: '2026-11-23T10:15:30Z',
    changed: '[]',
    kle: null,
    foelsomhed: null,
    traceparent: null,
  });
  expect(event).toMatchObject({ ansvarligmyndighed: '01234567', source: '/proeve/01234567' });
});
