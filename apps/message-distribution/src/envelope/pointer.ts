import { holdsPersonNumber } from './person-number';

/** A JSON pointer one step further. It may not carry a number on that stands where a name should. */
export const pointerTo = (sti: string, member: string | number): string => {
  const name = `${member}`;
  return `${sti}/${holdsPersonNumber(name) ? 'XXXXXX-XXXX' : name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
};
