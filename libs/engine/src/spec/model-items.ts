import { randomUUID } from 'node:crypto';
import { formatInstant, keyOf, parseInstant, type Reference } from '@stoettesystemer/object';
import fc from 'fast-check';
import type { ObjectInput } from '../ask';

/** Virkning is a row of days; the last stands for all that follow it. */
export const DAYS = 8;
const START = parseInstant('2020-01-01T00:00:00Z')!;
const MICROS_A_DAY = 86_400_000_000n;
const day = (n: number): string => formatInstant(START + BigInt(n) * MICROS_A_DAY);
export const noon = (n: number): bigint => START + BigInt(n) * MICROS_A_DAY + MICROS_A_DAY / 2n;

export interface Span {
  readonly from: number;
  readonly to: number;
}
export const overlap = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to;

/** One item of a request, and what it means. */
export interface Item {
  /** Which timeline: the facet, and within it the key. `*` is every one of the facet. */
  readonly slot: string;
  readonly section: string;
  readonly facet: string;
  readonly span: Span;
  readonly members: Readonly<Record<string, unknown>>;
  /** What the virkning says beside its period. */
  readonly note: string | undefined;
  readonly ends: boolean;
  /** Members that are not given stay as they were. */
  readonly merges: boolean;
}

const span = fc
  .tuple(fc.nat(DAYS - 1), fc.integer({ min: 1, max: DAYS }))
  .map(([from, length]) => ({ from, to: Math.min(DAYS, from + length) }));
const word = fc.constantFrom('a', 'b', 'c');
const note = fc.option(fc.constantFrom('x', 'y'), { nil: undefined, freq: 2 });
export const TARGETS: readonly Reference[] = [
  { uuid: randomUUID() },
  { uuid: randomUUID() },
  { urn: 'urn:oio:ting:1' },
];
const target = fc.constantFrom(...TARGETS);
const never = fc.constant(false);

const given = (members: object, whole: boolean) =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && !(whole && value === null)),
  );

const attribute = (whole: boolean): fc.Arbitrary<Item> =>
  fc
    .record({
      brugervendtNoegle: whole ? word : fc.option(word, { nil: undefined }),
      titel: fc.option(fc.option(word, { nil: null }), { nil: undefined }),
      antal: fc.option(fc.nat(2), { nil: undefined }),
      span,
      note,
      ends: whole ? never : fc.nat(9).map((n) => n === 0),
    })
    .map(({ span: each, note: said, ends, ...members }) => ({
      slot: 'egenskaber',
      section: 'attributter',
      facet: 'egenskaber',
      span: each,
      note: said,
      ends,
      merges: true,
      members: ends ? { slut: true } : given(members, whole),
    }));

const line = (whole: boolean): fc.Arbitrary<Item> =>
  fc
    .record({
      span,
      note,
      id: fc.constantFrom('1', '2'),
      beloeb: fc.option(fc.constantFrom('1.00', '2.50'), { nil: undefined, freq: 3 }),
      tekst: fc.option(fc.option(word, { nil: null, freq: 2 }), { nil: undefined, freq: 2 }),
      ends: whole ? never : fc.boolean(),
    })
    .map(({ id, beloeb, tekst, ends, ...rest }) => ({
      ...rest,
      slot: `linje ${id}`,
      section: 'attributter',
      facet: 'linje',
      ends,
      merges: true,
      members: ends ? { id, slut: true } : given({ id, tekst, beloeb }, whole),
    }));

const condition = (whole: boolean): fc.Arbitrary<Item> =>
  fc
    .record({
      span,
      note,
      vaerdi: whole ? fc.constantFrom('Aktiv', 'Inaktiv') : fc.constantFrom('Aktiv', 'Inaktiv', null),
    })
    .map(({ vaerdi, ...rest }) => ({
      ...rest,
      slot: 'gyldighed',
      section: 'tilstande',
      facet: 'gyldighed',
      ends: vaerdi === null,
      merges: false,
      members: { vaerdi },
    }));

const relation = { section: 'relationer', merges: false } as const;

const parent = (whole: boolean): fc.Arbitrary<Item> =>
  fc
    .record({ span, note, reference: whole ? target : fc.constantFrom(...TARGETS, null) })
    .map(({ reference, ...rest }) => ({
      ...relation,
      ...rest,
      slot: 'overordnet',
      facet: 'overordnet',
      ends: reference === null,
      members: { reference },
    }));

const neighbour = (whole: boolean): fc.Arbitrary<Item> =>
  fc
    .record({ span, note, reference: target, ends: whole ? never : fc.boolean() })
    .map(({ reference, ends, ...rest }) => ({
      ...relation,
      ...rest,
      slot: `naboer ${keyOf(reference)}`,
      facet: 'naboer',
      ends,
      members: { reference, ...(ends ? { slut: true } : {}) },
    }));

/** Ends every neighbour there is in its period. */
const sweep: fc.Arbitrary<Item> = span.map((each) => ({
  ...relation,
  span: each,
  note: undefined,
  slot: 'naboer *',
  facet: 'naboer',
  ends: true,
  members: { reference: null },
}));

const party = (whole: boolean): fc.Arbitrary<Item> =>
  fc
    .record({
      span,
      note,
      indeks: fc.constantFrom('1', '2'),
      rolle: fc.constantFrom('Primaer', 'Anden'),
      reference: whole ? target : fc.constantFrom(...TARGETS, null),
      kaldenavn: fc.option(word, { nil: undefined }),
    })
    .map(({ indeks, rolle, reference, kaldenavn, ...rest }) => ({
      ...relation,
      ...rest,
      slot: `part ${rolle} ${indeks}`,
      facet: 'part',
      ends: reference === null,
      members: { rolle, indeks, reference, ...given({ kaldenavn }, reference === null) },
    }));

const isSame = (a: Item, b: Item): boolean =>
  a.slot === b.slot || (a.facet === b.facet && (a.slot.endsWith('*') || b.slot.endsWith('*')));

/** Items that do not speak of the same at the same time, as the contract demands. */
export const items = (whole: boolean): fc.Arbitrary<Item[]> =>
  fc
    .array(
      fc.oneof(
        attribute(whole),
        line(whole),
        condition(whole),
        parent(whole),
        neighbour(whole),
        party(whole),
        ...(whole ? [] : [sweep]),
      ),
      { maxLength: 6 },
    )
    .map((list) =>
      list.reduce<Item[]>(
        (kept, item) =>
          kept.some((other) => isSame(other, item) && overlap(other.span, item.span))
            ? kept
            : [...kept, item],
        [],
      ),
    );

/** All of an object. */
export const whole = fc
  .tuple(attribute(true), items(true))
  .map(([first, rest]) => [
    first,
    ...rest.filter((item) => item.slot !== first.slot || !overlap(item.span, first.span)),
  ]);

/** What a request says beside its items. */
export interface Remark {
  readonly note: string | undefined;
  readonly tidspunkt: string | undefined;
}

/** Items as a request has them. */
export function inputOf(
  list: readonly Item[],
  { note: remark, tidspunkt }: Partial<Remark> = {},
  replaced: readonly string[] = [],
): ObjectInput {
  const input: Record<string, Record<string, object[]>> = {};
  for (const {
    section,
    facet,
    span: { from, to },
    members,
    note: said,
  } of list) {
    const virkning = {
      fra: day(from),
      ...(to >= DAYS ? {} : { til: day(to) }),
      ...(said === undefined ? {} : { note: said }),
    };
    ((input[section] ??= {})[facet] ??= []).push({ virkning, ...members });
  }
  for (const facet of replaced) (input['relationer'] ??= {})[facet] ??= [];
  return {
    ...input,
    ...(remark === undefined ? {} : { note: remark }),
    ...(tidspunkt === undefined ? {} : { tidspunkt }),
    ...(replaced.length > 0 ? { erstat: true } : {}),
  };
}
