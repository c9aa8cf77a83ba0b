import { isUuid } from '@stoettesystemer/object';
import { limits } from '../settings';
import { notesMember } from './field-checks';
import { makeShape, must, type Shape } from './shape';

const areUuids = (list: unknown): boolean =>
  Array.isArray(list) && list.length <= limits.readMany && list.every(isUuid);

/** The body of `laes`: `{ "uuid": [ … ] }`. */
export const readManyShape: Shape = makeShape('Laes', {
  uuid: {
    checks: [must('uuid', `Skal være en liste af højst ${limits.readMany} UUID'er.`, areUuids)],
    presence: 'required',
  },
});

/** The body of an end: `{ "note": … }`, or nothing. */
export const noteShape: Shape = makeShape('Note', {
  note: { ...notesMember(limits.text.note), presence: 'optional' },
});
