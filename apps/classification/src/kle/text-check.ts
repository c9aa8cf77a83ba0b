/** Says in Danish what is wrong with the text of an element, or null. */
export type Check = (text: string) => string | null;

const shown = (text: string): string => `»${text.length > 60 ? `${text.slice(0, 60)}…` : text}«`;
export const free: Check = () => null;
export const named: Check = (text) => (text.trim() ? null : 'er tom');
export const pattern =
  (form: RegExp, expected: string): Check =>
  (text) =>
    form.test(text) ? null : `${shown(text)} er ikke ${expected}`;

export const date: Check = (text) => {
  const match = /^(\d{4})-(\d\d)-(\d\d)(Z|[+-]\d\d:\d\d)?$/.exec(text.trim());
  const day = match && new Date(`${match[1]}-${match[2]}-${match[3]}T00:00:00Z`);
  return day && !Number.isNaN(day.getTime()) && day.getUTCDate() === Number(match[3])
    ? null
    : `${shown(text)} er ikke en dato på formen åååå-mm-dd`;
};
export const duration = pattern(
  /^\s*-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?\s*$/,
  'en varighed som P1825D',
);
