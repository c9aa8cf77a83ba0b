import { keyOf, now, parseInstant, period as p, type Period, type Reference } from '@stoettesystemer/object';
import fc from 'fast-check';
import type { AsOf } from '../ask';
import type { Comparison, Expression, Operand } from '../query';
import { date, decimal, instant, number, reference, sometimes, urn, uuid, word } from './arbitrary-ting';

export type Item = Record<string, unknown> & { virkning: { fra: string; til: string | null } };
export interface Body {
  uuid: string;
  ejer: string;
  registrering: { nummer: number; fra: string; til: string | null; livscyklus: string };
  facets: Record<string, Item[]>;
}
/** An object as its registrations tell it, each whole: what the naive search reads. */
export interface Known {
  uuid: string;
  owner: string;
  registrations: Body[];
}

/** How a field is compared without an index: where its values are, and what they are in an order of their own. */
export interface Naive {
  facet: string;
  values(item: Item): unknown[];
  rank?(value: unknown): number | bigint | Buffer;
}
export const member = (facet: string, name: string, rank?: Naive['rank']): Naive => ({
  facet,
  values: (item) => [item[name] ?? []].flat(),
  ...(rank ? { rank } : {}),
});
export const bytes = (value: unknown): Buffer => Buffer.from(String(value));
export const exact = (value: unknown): bigint => {
  const [whole = '0', fraction = ''] = String(value).replace('-', '').split('.');
  const size = BigInt(whole + fraction.padEnd(9, '0'));
  return String(value).startsWith('-') ? -size : size;
};
export const fields: Record<string, { naive: Naive; operand: fc.Arbitrary<Operand>; operators: string[] }> = {
  brugervendtNoegle: {
    naive: member('egenskaber', 'brugervendtNoegle', bytes),
    operand: word,
    operators: ['begynderMed'],
  },
  titel: { naive: member('egenskaber', 'titel', bytes), operand: word, operators: ['begynderMed'] },
  'egenskaber.antal': { naive: member('egenskaber', 'antal', Number), operand: fc.nat(13), operators: [] },
  beloeb: { naive: member('egenskaber', 'beloeb', exact), operand: decimal, operators: [] },
  dato: { naive: member('egenskaber', 'dato', bytes), operand: date, operators: [] },
  tid: {
    naive: member('egenskaber', 'tid', (value) => parseInstant(String(value))!),
    operand: instant,
    operators: [],
  },
  aktiv: { naive: member('egenskaber', 'aktiv'), operand: fc.boolean(), operators: [] },
  farve: {
    naive: member('egenskaber', 'farve', bytes),
    operand: fc.constantFrom('roed', 'groen', 'blaa'),
    operators: [],
  },
  vaegt: { naive: member('egenskaber', 'vaegt', Number), operand: number, operators: [] },
  adresse: { naive: member('egenskaber', 'adresse', bytes), operand: urn, operators: ['begynderMed'] },
  maerke: {
    naive: member('egenskaber', 'maerke', (value) => bytes(String(value).toLowerCase())),
    operand: uuid,
    operators: [],
  },
  forgaenger: {
    naive: { facet: 'egenskaber', values: ({ forgaenger }) => (forgaenger ? [forgaenger] : []) },
    operand: reference as fc.Arbitrary<Operand>,
    operators: [],
  },
  ord: { naive: member('egenskaber', 'ord', bytes), operand: word, operators: ['begynderMed'] },
  id: { naive: member('linje', 'id', bytes), operand: word, operators: ['begynderMed'] },
  gyldighed: {
    naive: member('gyldighed', 'vaerdi'),
    operand: fc.constantFrom('Aktiv', 'Inaktiv'),
    operators: [],
  },
  overordnet: {
    naive: { facet: 'overordnet', values: (item) => [item['reference']] },
    operand: reference as fc.Arbitrary<Operand>,
    operators: [],
  },
  naboer: {
    naive: { facet: 'naboer', values: (item) => [item['reference']] },
    operand: fc.oneof(
      reference as fc.Arbitrary<Operand>,
      fc.constantFrom<Operand>('AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA', 'urn:oio:ting:1'),
    ),
    operators: [],
  },
  'part.kaldenavn': {
    naive: member('part', 'kaldenavn', bytes),
    operand: word,
    operators: ['begynderMed', 'rolle'],
  },
  part: {
    naive: { facet: 'part', values: (item) => [item['reference']] },
    operand: reference as fc.Arbitrary<Operand>,
    operators: ['rolle', 'tekst'],
  },
};

export const ROLES: Record<string, string> = { '11111111-1111-4111-8111-111111111111': 'Primaer' };
export const comparison: fc.Arbitrary<Comparison> = fc.constantFrom(...Object.keys(fields)).chain((felt) => {
  const { naive, operand, operators } = fields[felt]!;
  const how: fc.Arbitrary<Partial<Comparison>>[] = [
    operand.map((lig) => ({ lig })),
    fc.array(operand, { maxLength: 3 }).map((iblandt) => ({ iblandt })),
    fc.boolean().map((findes) => ({ findes })),
  ];
  if (naive.rank) how.push(fc.tuple(fc.option(operand), fc.option(operand)).map((mellem) => ({ mellem })));
  if (operators.includes('begynderMed'))
    how.push(
      fc
        .oneof(
          word,
          urn.map((each) => each.slice(0, 9)),
        )
        .map((begynderMed) => ({ begynderMed })),
    );
  if (operators.includes('tekst'))
    how.push(
      word.map((lig) => ({ lig })),
      word.map((begynderMed) => ({ begynderMed })),
    );
  const rolle = operators.includes('rolle')
    ? sometimes(fc.constantFrom('Primaer', 'Anden', ...Object.keys(ROLES)))
    : fc.constant(undefined);
  return fc
    .tuple(fc.oneof(...how), rolle)
    .map(([compare, role]) => ({ felt, ...compare, ...(role === undefined ? {} : { rolle: role }) }));
});
export const expression: fc.Arbitrary<Expression> = fc.letrec<{ e: Expression }>((tie) => ({
  e: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    fc.array(tie('e'), { maxLength: 3 }).map((og) => ({ og })),
    fc.array(tie('e'), { maxLength: 3 }).map((eller) => ({ eller })),
    tie('e').map((ikke) => ({ ikke })),
  ),
})).e;

export const isReference = (value: unknown): value is Reference =>
  typeof value === 'object' && value !== null;
export const same = (value: unknown, operand: Operand): boolean => {
  if (isReference(value)) {
    const wanted = isReference(operand) ? keyOf(operand) : String(operand);
    return keyOf(value).toLowerCase() === wanted.toLowerCase();
  }
  return value === operand;
};
export const compare = (a: number | bigint | Buffer, b: number | bigint | Buffer): number =>
  Buffer.isBuffer(a) && Buffer.isBuffer(b) ? Buffer.compare(a, b) : a < b ? -1 : a > b ? 1 : 0;

/** Whether the items say what the expression asks, by looking at each. */
export function fits(facets: Record<string, Item[]>, e: Expression): boolean {
  if ('og' in e) return e.og.every((each) => fits(facets, each));
  if ('eller' in e) return e.eller.some((each) => fits(facets, each));
  if ('ikke' in e) return !fits(facets, e.ikke);
  const byText = e.felt === 'part' && [e.lig, e.begynderMed].some((each) => typeof each === 'string');
  const { naive } = fields[byText ? 'part.kaldenavn' : e.felt]!;
  const rolle = e.rolle === undefined ? undefined : (ROLES[e.rolle] ?? e.rolle);
  const values = (facets[naive.facet] ?? [])
    .filter((item) => rolle === undefined || item['rolle'] === rolle)
    .flatMap((item) => naive.values(item));
  const equal = (value: unknown, operand: Operand) =>
    naive.rank ? compare(naive.rank(value), naive.rank(operand)) === 0 : same(value, operand);
  if (e.findes !== undefined) return values.length > 0 === e.findes;
  if (e.lig !== undefined) return values.some((value) => equal(value, e.lig!));
  if (e.iblandt) return values.some((value) => e.iblandt!.some((each) => equal(value, each)));
  if (e.begynderMed !== undefined) return values.some((value) => String(value).startsWith(e.begynderMed!));
  const [low, high] = e.mellem!;
  return values.some(
    (value) =>
      (low === null || compare(naive.rank!(value), naive.rank!(low)) >= 0) &&
      (high === null || compare(naive.rank!(value), naive.rank!(high)) < 0),
  );
}

/** What of an object is seen at a time, or null when nothing of it is. */
export function seen({ registrations }: Known, { virkning: valid, registrering }: AsOf): Body | null {
  const known =
    registrering === 'nu'
      ? registrations.at(-1)
      : registrations.findLast(({ registrering: { fra } }) => {
          const limit =
            'at' in registrering ? registrering.at : registrering.to === null ? null : registrering.to - 1n;
          return limit === null || parseInstant(fra)! <= limit;
        });
  if (!known || ['Passiveret', 'Slettet'].includes(known.registrering.livscyklus)) return null;
  const wanted: Period | null =
    valid === 'alle'
      ? null
      : valid === 'nu'
        ? { from: now(), to: now() + 1n }
        : 'at' in valid
          ? { from: valid.at, to: valid.at + 1n }
          : valid;
  const holds = ({ virkning: { fra, til } }: Item): boolean =>
    wanted === null ||
    p.overlaps(wanted, { from: parseInstant(fra)!, to: til === null ? null : parseInstant(til) });
  return {
    ...known,
    facets: Object.fromEntries(
      Object.entries(known.facets).map(([facet, items]) => [facet, items.filter(holds)]),
    ),
  };
}
