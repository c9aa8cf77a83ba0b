import { Ting } from '@stoettesystemer/testing';
import { OrganisationEnhed } from '@stoettesystemer/model';
import type { Declaration } from '@stoettesystemer/object';
import fc from 'fast-check';
import { difference, ended, type Sections } from './difference';

type Item = Record<string, unknown>;
type Facets = Record<string, Item[]>;
/** Everything that holds on one day, by facet and slot. */
type Day = Map<string, Item>;

const DAYS = 7;
const day = (n: number): string => `2020-01-0${n + 1}T00:00:00Z`;
const instantOf = (n: number): bigint => BigInt(Date.parse(day(n))) * 1000n;
const lasting = (from: number, to: number | null) => ({
  fra: day(from),
  ...(to === null ? {} : { til: day(to) }),
});
const isOn = (item: Item, n: number): boolean => {
  const { fra, til } = item['virkning'] as { fra: string; til?: string };
  return fra <= day(n) && (til === undefined || day(n) < til);
};
const UUIDS = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`);

/** Periods that do not overlap, some of them side by side. */
const timeline = (item: fc.Arbitrary<Item>): fc.Arbitrary<Item[]> =>
  fc
    .tuple(
      fc.uniqueArray(fc.nat(DAYS), { maxLength: 5 }).map((edges) => edges.sort((a, b) => a - b)),
      fc.array(fc.tuple(fc.boolean(), item), { minLength: 6, maxLength: 6 }),
    )
    .map(([edges, items]) =>
      edges.flatMap((from, at) => {
        const [isThere, members] = items[at]!;
        return isThere ? [{ virkning: lasting(from, edges[at + 1] ?? null), ...members }] : [];
      }),
    );

const unit = {
  attributter: {
    egenskaber: timeline(
      fc.record({ brugervendtNoegle: fc.constantFrom('a', 'b'), enhedNavn: fc.constantFrom('x', 'y', 'z') }),
    ),
  },
  tilstande: { gyldighed: timeline(fc.record({ vaerdi: fc.constantFrom('Aktiv', 'Inaktiv') })) },
  relationer: {
    overordnet: timeline(fc.constantFrom(...UUIDS).map((uuid) => ({ reference: { uuid } }))),
    tilknyttedeFunktioner: fc
      .tuple(...UUIDS.map((uuid) => timeline(fc.constant({ reference: { uuid } }))))
      .map((lists) => lists.flat()),
    adresser: fc
      .tuple(
        ...['1', '2'].flatMap((indeks) =>
          ['Email', 'Telefon'].map((rolle) =>
            timeline(fc.constantFrom(...UUIDS).map((uuid) => ({ rolle, indeks, reference: { uuid } }))),
          ),
        ),
      )
      .map((lists) => lists.flat()),
  },
};
/** Some of the facets are not spoken of. */
const sections: fc.Arbitrary<Sections> = fc.record({
  attributter: fc.record({ egenskaber: unit.attributter.egenskaber }, { requiredKeys: [] }),
  tilstande: fc.record({ gyldighed: unit.tilstande.gyldighed }, { requiredKeys: [] }),
  relationer: fc.record(unit.relationer, { requiredKeys: [] }),
}) as fc.Arbitrary<Sections>;

const slotOf = (facet: string, { rolle, indeks, reference }: Item): string =>
  facet === 'adresser'
    ? `${String(rolle)} ${String(indeks)}`
    : facet === 'tilknyttedeFunktioner'
      ? (reference as { uuid: string }).uuid
      : '';
const facetsOf = ({ attributter, tilstande, relationer }: Sections): Facets =>
  ({ ...attributter, ...tilstande, ...relationer }) as Facets;

/** What holds, day by day: the naive way of thinking of a timeline. */
const daysOf = (facets: Facets): Day[] =>
  [...Array(DAYS + 2).keys()].map((n) => {
    const found: Day = new Map();
    for (const [facet, items] of Object.entries(facets))
      for (const item of items) {
        const { virkning: _, ...members } = item;
        if (isOn(item, n)) found.set(`${facet} ${slotOf(facet, item)}`, members);
      }
    return found;
  });

/** Ret, day by day (contract §4). */
const changed = (days: readonly Day[], change: Facets): Day[] =>
  days.map((before, n) => {
    const after = new Map(before);
    for (const [facet, items] of Object.entries(change))
      for (const item of items) {
        if (!isOn(item, n)) continue;
        const { virkning: _, slut, ...members } = item;
        const slot = `${facet} ${slotOf(facet, item)}`;
        if (slut === true) after.delete(slot);
        else after.set(slot, facet === 'egenskaber' ? { ...before.get(slot), ...members } : members);
      }
    return after;
  });

/** Back to items, a day in each. */
function sectionsOf(days: readonly Day[]): Sections {
  const facets: Facets = {};
  for (const [n, found] of days.entries())
    for (const [slot, members] of found)
      (facets[slot.split(' ')[0]!] ??= []).push({
        virkning: lasting(n, n === days.length - 1 ? null : n + 1),
        ...members,
      });
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.filter((name) => facets[name]).map((name) => [name, facets[name]!]));
  return {
    attributter: pick(['egenskaber']),
    tilstande: pick(['gyldighed']),
    relationer: pick(['overordnet', 'tilknyttedeFunktioner', 'adresser']),
  };
}
const sorted = (found: Day): [string, Item][] => [...found].sort(([a], [b]) => (a < b ? -1 : 1));

describe('difference', () => {
  it('laid over the registered gives the desired where that speaks, and nothing else; then there is none', () => {
    const since = fc.option(fc.nat(DAYS));
    fc.assert(
      fc.property(sections, sections, since, (desired, registered, from) => {
        const speaksFrom = from === null ? null : instantOf(from);
        const found = difference(OrganisationEnhed, desired, registered, speaksFrom);
        const [before, wanted] = [daysOf(facetsOf(registered)), daysOf(facetsOf(desired))];
        const after = changed(before, facetsOf(found?.change ?? {}));
        const spoken = Object.keys(facetsOf(desired));
        const isSpoken = ([slot]: readonly [string, Item]) => spoken.includes(slot.split(' ')[0]!);
        for (const [n, now] of after.entries()) {
          const expected =
            from !== null && n < from
              ? before[n]!
              : new Map([...[...before[n]!].filter((each) => !isSpoken(each)), ...wanted[n]!]);
          expect(sorted(now)).toEqual(sorted(expected));
        }
        expect(difference(OrganisationEnhed, desired, sectionsOf(after), speaksFrom)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it('says nothing of a period in which nothing differs', () => {
    fc.assert(
      fc.property(sections, sections, (desired, registered) => {
        const found = difference(OrganisationEnhed, desired, registered);
        const [before, wanted] = [daysOf(facetsOf(registered)), daysOf(facetsOf(desired))];
        for (const [facet, items] of Object.entries(facetsOf(found?.change ?? {})))
          for (const item of items)
            for (const n of before.keys()) {
              if (!isOn(item, n)) continue;
              const slot = `${facet} ${slotOf(facet, item)}`;
              expect(before[n]!.get(slot)).not.toEqual(wanted[n]!.get(slot));
            }
      }),
    );
  });

  const named = (members: Item): Sections => ({
    attributter: { egenskaber: [{ virkning: { fra: day(0) }, brugervendtNoegle: 'a', ...members }] },
  });
  it('leaves a member alone that is not mentioned, and clears one that is null', () => {
    const type: Declaration = Ting;
    const has = {
      attributter: { egenskaber: [{ virkning: { fra: day(0) }, titel: 'x', beskrivelse: 'y' }] },
    };
    const says = (members: Item) => ({
      attributter: { egenskaber: [{ virkning: { fra: day(0) }, ...members }] },
    });
    expect(difference(type, says({ titel: 'x' }), has)).toBeNull();
    expect(difference(type, says({ titel: 'x', beskrivelse: null }), has)?.change).toEqual(
      says({ beskrivelse: null }),
    );
  });

  it('takes no difference from what the server adds, nor from the letters of a UUID', () => {
    const role = '2b670843-ce42-411a-8fb5-311dfdd5caf0';
    const item = { virkning: { fra: day(0), til: null }, indeks: '1' };
    const registered = {
      relationer: {
        adresser: [
          {
            ...item,
            rolle: 'Email',
            rolleRef: { uuid: role },
            reference: { uuid: UUIDS[0]!, label: 'Post' },
          },
        ],
      },
    };
    const desired = {
      relationer: { adresser: [{ ...item, rolle: role.toUpperCase(), reference: { uuid: UUIDS[0]! } }] },
    };
    expect(difference(OrganisationEnhed, desired, registered)).toBeNull();
  });

  it('says of a new period only what is new in it', () => {
    const registered = named({ enhedNavn: 'Skole' });
    const desired: Sections = {
      attributter: {
        egenskaber: [
          { virkning: { fra: day(0), til: day(2) }, brugervendtNoegle: 'a', enhedNavn: 'Skole' },
          { virkning: { fra: day(2) }, brugervendtNoegle: 'a', enhedNavn: 'Skoler' },
        ],
      },
    };
    expect(difference(OrganisationEnhed, desired, registered)).toEqual({
      change: { attributter: { egenskaber: [{ virkning: { fra: day(2) }, enhedNavn: 'Skoler' }] } },
      facets: ['egenskaber'],
    });
  });
});

describe('ended', () => {
  it('is out of use and points at nothing from the day on, and was what it was until then', () => {
    const registered: Sections = {
      ...{ tilstande: { gyldighed: [{ virkning: { fra: day(0) }, vaerdi: 'Aktiv' }] } },
      relationer: {
        overordnet: [
          { virkning: { fra: day(0), til: day(1) }, reference: { uuid: UUIDS[0]! } },
          { virkning: { fra: day(1) }, reference: { uuid: UUIDS[1]! } },
        ],
      },
    };
    const from = instantOf(3);
    const found = difference(OrganisationEnhed, ended(OrganisationEnhed, from)!, registered, from);
    expect(found?.change).toEqual({
      tilstande: { gyldighed: [{ virkning: { fra: day(3) }, vaerdi: 'Inaktiv' }] },
      relationer: { overordnet: [{ virkning: { fra: day(3) }, slut: true }] },
    });
    const after = sectionsOf(changed(daysOf(facetsOf(registered)), facetsOf(found!.change)));
    expect(difference(OrganisationEnhed, ended(OrganisationEnhed, from)!, after, from)).toBeNull();
  });
});
