import fc from 'fast-check';
import { startOfDanishDay } from '@stoettesystemer/object';
import { publicationOf, type PublicationPeriod, renamedFrom } from './publication';

const at = startOfDanishDay;
const published = (fra: string, til?: string): PublicationPeriod => ({
  vaerdi: 'Publiceret',
  virkning: { fra: at(fra), til: til ? at(til) : null },
});
const unpublished = (fra: string, til?: string): PublicationPeriod => ({
  ...published(fra, til),
  vaerdi: 'IkkePubliceret',
});

describe('publicationOf a new entry', () => {
  it.each([
    ['in use', { oprettet: '1988-01-01' }, [published('1988-01-01')]],
    [
      'expired',
      { oprettet: '1988-01-01', udgaaet: '2014-11-01' },
      [published('1988-01-01', '2014-11-01'), unpublished('2014-11-01')],
    ],
    [
      'moved',
      { oprettet: '1988-01-01', flyttet: '2007-01-01' },
      [published('1988-01-01', '2007-01-01'), unpublished('2007-01-01')],
    ],
    [
      'expired the day it was created',
      { oprettet: '1988-01-01', udgaaet: '1988-01-01' },
      [unpublished('1988-01-01')],
    ],
    ['in use since nobody knows when', {}, [published('2015-08-01')]],
    ['expired, created nobody knows when', { udgaaet: '2010-01-01' }, [unpublished('2010-01-01')]],
  ])('%s', (_, dated, periods) => {
    expect(publicationOf(dated, '2015-08-01')).toEqual(periods);
  });
});

describe('publicationOf a known entry', () => {
  const inUse = { oprettet: '1988-01-01' };
  const expired = { ...inUse, udgaaet: '2014-11-01' };

  it.each([
    ['nothing new', inUse, inUse, []],
    ['nothing new about an expired one', expired, expired, []],
    ['expired', inUse, expired, [unpublished('2014-11-01')]],
    ['published again from the edition that lists it', expired, inUse, [published('2020-02-01')]],
    [
      'expired later than was said',
      expired,
      { ...inUse, udgaaet: '2015-02-01' },
      [published('2014-11-01', '2015-02-01')],
    ],
    [
      'expired earlier than was said',
      expired,
      { ...inUse, udgaaet: '2014-02-01' },
      [unpublished('2014-02-01', '2014-11-01')],
    ],
    ['moved instead of expired, the same day', expired, { ...inUse, flyttet: '2014-11-01' }, []],
    ['created earlier', inUse, { oprettet: '1984-01-01' }, [published('1984-01-01', '1988-01-01')]],
    ['created later', inUse, { oprettet: '1990-01-01' }, [unpublished('1988-01-01', '1990-01-01')]],
    ['creation no longer told', inUse, {}, []],
    ['creation never told', {}, {}, []],
    ['creation told for the first time', {}, inUse, [published('1988-01-01')]],
  ])('%s', (_, before, now, periods) => {
    expect(publicationOf(now, '2020-02-01', before)).toEqual(periods);
  });

  // Days as numbers, and the state of each day kept by hand.
  const DAYS = Array.from({ length: 40 }, (__, i) =>
    new Date(Date.UTC(2015, 2, 15 + i)).toISOString().slice(0, 10),
  );
  const day = fc.integer({ min: 0, max: 38 });
  const state = fc.record({ start: day, end: fc.option(day, { nil: undefined }) });
  const dated = ({ start, end }: { start: number; end?: number }) => ({
    oprettet: DAYS[start],
    udgaaet: end === undefined ? undefined : DAYS[end],
  });
  const lay = (
    timeline: (string | undefined)[],
    periods: readonly PublicationPeriod[],
  ): (string | undefined)[] =>
    timeline.map((value, i) => {
      const moment = at(DAYS[i] ?? '');
      const covering = periods.filter(
        ({ virkning }) => virkning.fra <= moment && (!virkning.til || moment < virkning.til),
      );
      if (covering.length > 1) throw new Error('Two periods overlap');
      return covering[0]?.vaerdi ?? value;
    });

  it('laid over what was known, tells what the edition says, and keeps the pause before a reactivation', () => {
    fc.assert(
      fc.property(state, state, fc.integer({ min: 0, max: 39 }), (before, now, edition) => {
        const first = lay(
          Array.from(DAYS, () => undefined),
          publicationOf(dated(before), DAYS[edition] ?? ''),
        );
        const second = lay(first, publicationOf(dated(now), DAYS[edition] ?? '', dated(before)));
        const isReactivated = before.end !== undefined && now.end === undefined;
        const expected = DAYS.map((__, i) => {
          if (i >= (now.end ?? Infinity)) return 'IkkePubliceret';
          if (isReactivated && i >= (before.end ?? 0) && i < edition) return first[i];
          if (i >= now.start) return 'Publiceret';
          return i >= before.start ? 'IkkePubliceret' : first[i];
        });
        expect(second).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('renamedFrom', () => {
  const before = { rettet: ['2013-11-01'] };
  it.each([
    ['the day told anew', { oprettet: '1990-01-01', rettet: ['2015-08-01'] }, before, '2015-08-01'],
    [
      'the latest of several',
      { oprettet: '1990-01-01', rettet: ['2015-06-01', '2013-11-01'] },
      before,
      '2015-06-01',
    ],
    [
      'the edition, for a day that was known',
      { oprettet: '1990-01-01', rettet: ['2013-11-01'] },
      before,
      '2015-11-01',
    ],
    ['the edition, for no day at all', { oprettet: '1990-01-01', rettet: [] }, before, '2015-11-01'],
    [
      'the edition, for a day before the creation',
      { oprettet: '2003-08-01', rettet: ['1996-01-01'] },
      before,
      '2015-11-01',
    ],
    [
      'the edition, where the register keeps no such days',
      { oprettet: '1990-01-01', rettet: ['2015-08-01'] },
      {},
      '2015-11-01',
    ],
  ])('is %s', (_, entry, known, day) => {
    expect(renamedFrom(entry, '2015-11-01', known)).toBe(day);
  });
});
