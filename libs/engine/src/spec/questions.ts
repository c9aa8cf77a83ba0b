import fc from 'fast-check';
import type { Expression } from '../query';
import type { Registration } from './model';
import { TARGETS } from './model-items';

/** A search, and how the model answers it: by looking at each value of a day. */
export interface Question {
  readonly expression: Expression;
  readonly facet: string;
  readonly holds: (members: Readonly<Record<string, unknown>>) => boolean;
  readonly isDenied: boolean;
}

const word = fc.constantFrom('a', 'b', 'c');
const target = fc.constantFrom(...TARGETS);
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

type Plain = Omit<Question, 'isDenied'>;
const plain: fc.Arbitrary<Plain> = fc.oneof(
  word.map((lig): Plain => ({
    expression: { felt: 'brugervendtNoegle', lig },
    facet: 'egenskaber',
    holds: ({ brugervendtNoegle }) => brugervendtNoegle === lig,
  })),
  word.map((begynderMed): Plain => ({
    expression: { felt: 'titel', begynderMed },
    facet: 'egenskaber',
    holds: ({ titel }) => titel === begynderMed,
  })),
  fc.nat(2).map((least): Plain => ({
    expression: { felt: 'egenskaber.antal', mellem: [least, 2] as [number, number] },
    facet: 'egenskaber',
    holds: ({ antal }) => typeof antal === 'number' && antal >= least && antal < 2,
  })),
  fc.constantFrom('1', '2').map((lig): Plain => ({
    expression: { felt: 'id', lig },
    facet: 'linje',
    holds: ({ id }) => id === lig,
  })),
  fc.constantFrom('Aktiv', 'Inaktiv').map((lig): Plain => ({
    expression: { felt: 'gyldighed', lig },
    facet: 'gyldighed',
    holds: ({ vaerdi }) => vaerdi === lig,
  })),
  fc.tuple(fc.constantFrom('overordnet', 'naboer', 'part'), target).map(([felt, lig]): Plain => ({
    expression: { felt, lig },
    facet: felt,
    holds: ({ reference }) => same(reference, lig),
  })),
  fc.tuple(fc.constantFrom('Primaer', 'Anden'), target).map(([rolle, lig]): Plain => ({
    expression: { felt: 'part', rolle, lig },
    facet: 'part',
    holds: (members) => members['rolle'] === rolle && same(members['reference'], lig),
  })),
  word.map((lig): Plain => ({
    expression: { felt: 'part.kaldenavn', lig },
    facet: 'part',
    holds: ({ kaldenavn }) => kaldenavn === lig,
  })),
  fc.constantFrom('egenskaber.antal', 'naboer').map((felt): Plain => ({
    expression: { felt, findes: true },
    facet: felt.split('.')[0]!,
    holds: ({ antal, reference }) => antal !== undefined || reference !== undefined,
  })),
);

export const question: fc.Arbitrary<Question> = fc
  .tuple(plain, fc.boolean())
  .map(([{ expression, ...rest }, isDenied]) => ({
    ...rest,
    isDenied,
    expression: isDenied ? { ikke: expression } : expression,
  }));

/** Whether the object as a registration has it is what the question asks for, on a day. */
export const fits = ({ slots }: Registration, day: number, { facet, holds, isDenied }: Question): boolean =>
  [...slots].some(
    ([slot, values]) => slot.split(' ')[0] === facet && !!values[day] && holds(values[day].members),
  ) !== isDenied;
