import fc from 'fast-check';
import { danishDayAt, startOfDanishDay } from './danish-day';

describe('startOfDanishDay', () => {
  it.each([
    ['2015-08-01', '2015-07-31T22:00:00Z'],
    ['2015-02-01', '2015-01-31T23:00:00Z'],
    // The day the clocks go forward and the day they go back begin before they do.
    ['2015-03-29', '2015-03-28T23:00:00Z'],
    ['2015-03-30', '2015-03-29T22:00:00Z'],
    ['2015-10-25', '2015-10-24T22:00:00Z'],
    ['2015-10-26', '2015-10-25T23:00:00Z'],
    // No summer time in Denmark from 1949 to 1979.
    ['1979-07-01', '1979-06-30T23:00:00Z'],
    ['1980-07-01', '1980-06-30T22:00:00Z'],
    ['1900-01-01', '1899-12-31T23:00:00Z'],
    ['1988-01-01', '1987-12-31T23:00:00Z'],
    ['2024-02-29', '2024-02-28T23:00:00Z'],
  ])('%s begins at %s', (day, instant) => {
    expect(startOfDanishDay(day)).toBe(instant);
  });

  const shown = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Copenhagen',
    dateStyle: 'short',
    timeStyle: 'medium',
  });

  it('is the first moment at which clocks in Copenhagen show the day', () => {
    const days = fc
      .date({ min: new Date('1900-01-02'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(days, (day) => {
        const start = Date.parse(startOfDanishDay(day));
        expect(shown.format(start).slice(0, 10)).toBe(day);
        expect(danishDayAt(start)).toBe(day);
        expect(danishDayAt(start - 1000) < day).toBe(true);
        expect(shown.format(start - 1000).slice(0, 10) < day).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses what is no day', () => {
    expect(() => startOfDanishDay('2015-13-01')).toThrow('Not a day');
  });
});
