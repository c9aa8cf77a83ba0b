import { Refusal } from '@stoettesystemer/object';
import { Ting } from '@stoettesystemer/testing';
import type { ObjectInput } from './ask';
import { assertionsOf } from './assertions';

const open = { fra: '2026-01-01T00:00:00Z' };
const from = (fra: string, til?: string | null) => ({
  virkning: { fra, ...(til === undefined ? {} : { til }) },
});
const change = (input: ObjectInput) => assertionsOf(Ting, input, 'change');
const relation = (facet: string, ...items: object[]): ObjectInput => ({
  relationer: { [facet]: items.map((item) => ({ virkning: open, ...item })) },
});
const group = (...items: object[]): ObjectInput => ({
  attributter: { egenskaber: items.map((item) => ({ virkning: open, ...item })) },
});
const slots = (input: ObjectInput): string[] =>
  change(input).assertions.map(({ section, facet, slot }) => `${section} ${facet} ${slot}`);
const value = (input: ObjectInput, mode: 'whole' | 'change' = 'whole'): unknown => {
  const [first] = assertionsOf(Ting, input, mode).assertions;
  return first?.says.kind === 'set' ? JSON.parse(first.says.value) : first?.says;
};
function refusal(work: () => unknown): { status: number; kode: string; sti: string | undefined } {
  try {
    work();
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    return { status: cause.status, kode: cause.kode, sti: cause.fejl[0]?.sti };
  }
  throw new Error('Not refused');
}

const A = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa';
const PRIMARY = '11111111-1111-4111-8111-111111111111';

describe('what a body says', () => {
  it('is sorted into timelines: one for a facet, one for each key, reference, or role and index', () => {
    expect(slots(group({ titel: 'x' }))).toEqual(['a egenskaber ']);
    expect(
      slots({
        attributter: {
          linje: [
            { virkning: open, id: '1' },
            { virkning: open, id: '2' },
          ],
        },
      }),
    ).toEqual(['a linje 1', 'a linje 2']);
    expect(slots({ tilstande: { gyldighed: [{ virkning: open, vaerdi: 'Aktiv' }] } })).toEqual([
      't gyldighed ',
    ]);
    expect(slots(relation('overordnet', { reference: { uuid: A } }))).toEqual(['r overordnet ']);
    expect(
      slots(
        relation('naboer', { reference: { uuid: A.toUpperCase() } }, { reference: { urn: 'urn:oio:x' } }),
      ),
    ).toEqual([`r naboer |${A}`, 'r naboer |urn:oio:x']);
    expect(slots(relation('part', { rolle: 'Primaer', indeks: '1', reference: { uuid: A } }))).toEqual([
      'r part Primaer|1',
    ]);
  });

  it('knows a role by its name and by its UUID, and returns both', () => {
    for (const rolle of ['Primaer', PRIMARY, PRIMARY.toUpperCase()])
      expect(value(relation('part', { rolle, indeks: '1', reference: { uuid: A } }))).toEqual({
        rolle: 'Primaer',
        rolleRef: { uuid: PRIMARY },
        indeks: '1',
        reference: { uuid: A },
      });
    const stranger = '99999999-9999-4999-8999-999999999999';
    expect(value(relation('part', { rolle: stranger, indeks: '1', reference: { uuid: A } }))).toMatchObject({
      rolle: stranger,
    });
  });

  it.each(['Ukendt', 'constructor', 'toString', '__proto__', ''])('refuses the role %j', (rolle) =>
    expect(refusal(() => change(relation('part', { rolle, indeks: '1', reference: { uuid: A } })))).toEqual({
      status: 400,
      kode: 'rolle',
      sti: '/relationer/part/0/rolle',
    }),
  );

  it.each(['andet', 'constructor', 'toString'])('refuses the facet %s in every section', (facet) => {
    for (const section of ['attributter', 'tilstande', 'relationer'] as const)
      expect(refusal(() => change({ [section]: { [facet]: [{ virkning: open }] } }))).toMatchObject({
        status: 400,
        kode: 'ukendt',
      });
  });

  it('writes members in declared order, in one form, without those that are cleared', () => {
    const input = group({
      ord: ['Ålborg'.normalize('NFD'), 'b', 'Ålborg'],
      titel: 'Ålborg'.normalize('NFD'),
      maerke: A.toUpperCase(),
      forgaenger: { uuid: A.toUpperCase() },
      antal: null,
      brugervendtNoegle: 'N',
    });
    const { says } = assertionsOf(Ting, input, 'whole').assertions[0]!;
    expect(says).toEqual({
      kind: 'set',
      value: JSON.stringify({
        brugervendtNoegle: 'N',
        titel: 'Ålborg'.normalize('NFC'),
        maerke: A,
        forgaenger: { uuid: A },
        ord: ['Ålborg'.normalize('NFC'), 'b'],
      }),
    });
  });

  it('keeps what a virkning says beside its period, in one form', () => {
    const about = (virkning: object) =>
      change(group({ virkning: { ...open, ...virkning }, titel: 'x' })).assertions[0]!.about;
    expect(about({})).toBeNull();
    expect(about({ note: 'fordi', aktoerType: 'Bruger', aktoerRef: { uuid: A.toUpperCase() } })).toBe(
      JSON.stringify({ aktoerRef: { uuid: A }, aktoerType: 'Bruger', note: 'fordi' }),
    );
    expect(about({ aktoerRef: { label: 'Ib', uuid: A } })).toBe(
      about({ aktoerRef: { uuid: A, label: 'Ib' } }),
    );
  });

  it('ends with null and with slut', () => {
    const ends = { kind: 'end' };
    expect(value({ tilstande: { gyldighed: [{ virkning: open, vaerdi: null }] } }, 'change')).toEqual(ends);
    expect(value(group({ slut: true }), 'change')).toEqual(ends);
    expect(value(relation('overordnet', { reference: null }), 'change')).toEqual(ends);
    expect(value(relation('part', { rolle: 'Primaer', indeks: '1', reference: null }), 'change')).toEqual(
      ends,
    );
    expect(value(relation('naboer', { reference: { uuid: A }, slut: true }), 'change')).toEqual(ends);
  });

  it('sweeps a relation without index when its reference is null', () => {
    const { assertions, sweeps } = change(relation('naboer', { reference: null }));
    expect(assertions).toEqual([]);
    expect(sweeps).toMatchObject([{ facet: 'naboer', rolle: null }]);
  });
});

describe('the periods of a body', () => {
  const two = (a: object, b: object) =>
    refusal(() => change(group({ ...a, titel: 'x' }, { ...b, titel: 'y' })));

  it.each([
    {},
    { virkning: {} },
    from('2026-01-01'),
    from('2026-01-01T00:00:00'),
    from('2026-01-01T00:00:00Z', 'aldrig'),
    from('2026-01-01T00:00:00Z', ''),
  ])('are 400 when they cannot be read: %j', (item) =>
    expect(refusal(() => change(group({ virkning: undefined, ...item, titel: 'x' })))).toMatchObject({
      status: 400,
      kode: 'tidspunkt',
    }),
  );

  it('are 422 when they end before, or when, they begin', () => {
    for (const til of ['2025-12-31T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00'])
      expect(refusal(() => change(group({ ...from('2026-01-01T00:00:00Z', til), titel: 'x' })))).toEqual({
        status: 422,
        kode: 'periode',
        sti: '/attributter/egenskaber/0/virkning',
      });
  });

  it('are 422 when two of one timeline overlap, in whichever order they stand', () => {
    const [early, late] = [
      from('2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z'),
      from('2026-02-01T00:00:00Z'),
    ];
    expect(two(early, late)).toEqual({
      status: 422,
      kode: 'overlap',
      sti: '/attributter/egenskaber/1/virkning',
    });
    expect(two(late, early)).toEqual({
      status: 422,
      kode: 'overlap',
      sti: '/attributter/egenskaber/0/virkning',
    });
    expect(two(late, late)).toMatchObject({ status: 422, kode: 'overlap' });
  });

  it('may touch, and may overlap in timelines of their own', () => {
    const [early, late] = [
      from('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'),
      from('2026-02-01T00:00:00Z'),
    ];
    expect(change(group({ ...early, titel: 'x' }, { ...late, titel: 'y' })).assertions).toHaveLength(2);
    const parties = ['1', '2'].map((indeks) => ({ rolle: 'Primaer', indeks, reference: { uuid: A } }));
    expect(change(relation('part', ...parties)).assertions).toHaveLength(2);
  });

  it('are 422 when a sweep of a relation overlaps anything said of the same relation', () => {
    const sweep = { reference: null };
    expect(refusal(() => change(relation('naboer', sweep, { reference: { uuid: A } })))).toMatchObject({
      status: 422,
      kode: 'overlap',
    });
    expect(refusal(() => change(relation('naboer', sweep, sweep)))).toMatchObject({
      status: 422,
      kode: 'overlap',
    });
    const later = { ...from('2027-01-01T00:00:00Z'), reference: { uuid: A } };
    const until = { ...from('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'), reference: null };
    expect(change(relation('naboer', until, later)).sweeps).toHaveLength(1);
    const another = { ...later, reference: { urn: 'urn:oio:ting:1' } };
    expect(change(relation('naboer', until, later, another)).assertions).toHaveLength(2);
  });
});
