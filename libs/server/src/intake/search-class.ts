import type { Query } from '@stoettesystemer/engine';
import type { Declaration } from '@stoettesystemer/object';
import { IsBoolean, IsInt, IsString, Max, Min } from 'class-validator';
import { hasBeginning, misfit } from '../request/operand';
import { type SearchField, searchFieldsOf } from '../request/search-fields';
import { limits } from '../service/settings';
import { checked } from './checked';
import { uuidMember } from './field-checks';
import { isObject, makeShape, type Member, must, type Shape } from './shape';

const MOST_OPERANDS = 1000;
const LONGEST_CURSOR = 4096;
const OPERATORS = ['lig', 'iblandt', 'begynderMed', 'mellem', 'findes'] as const;

const text = IsString({ message: 'Skal være en tekst.' });
const trueOrFalse = IsBoolean({ message: 'Skal være true eller false.' });
const isListWithin = (value: unknown, most: number, each: (value: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length <= most && value.every(each);

/** An expression: a combination of expressions, or a comparison of one of the type's fields. */
function expressionShape(type: Declaration): Shape {
  const fields = new Map(searchFieldsOf(type).map((field) => [field.name, field]));
  const of = (object: Record<string, unknown>): SearchField | undefined => fields.get(object['felt'] as string);
  const fits = (value: unknown, object: Record<string, unknown>): boolean => {
    const field = of(object);
    return field === undefined || misfit(field, value) === null;
  };
  const operand = (kode: string, besked: string, holds: (value: unknown, object: Record<string, unknown>) => boolean) => [
    must(kode, besked, holds),
  ];
  const members: Record<string, Member> = {
    felt: { presence: 'given', checks: [text, must('felt', 'Der kan ikke søges på feltet.', (value) => fields.has(value as string))] },
    rolle: {
      presence: 'given',
      checks: [text, must('rolle', 'Feltet har ikke den rolle.', (value, object) => of(object)?.roles?.includes(value as string) ?? false)],
    },
    lig: { presence: 'given', checks: operand('operand', 'Værdien passer ikke til feltet.', fits) },
    iblandt: {
      presence: 'given',
      checks: operand('operand', `Skal være en liste af højst ${MOST_OPERANDS} værdier, der passer til feltet.`, (value, object) =>
        isListWithin(value, MOST_OPERANDS, (each) => fits(each, object)),
      ),
    },
    begynderMed: {
      presence: 'given',
      checks: [
        text,
        must('operand', 'Må ikke være tom.', (value) => value !== ''),
        must('operand', 'Feltet kan ikke søges med en begyndelse.', (_, object) => {
          const field = of(object);
          return field === undefined || hasBeginning(field);
        }),
      ],
    },
    mellem: {
      presence: 'given',
      checks: operand('operand', 'Skal være [fra, til], hvor den ene kan være null.', (value, object) =>
        isListWithin(value, 2, (each) => each === null || fits(each, object)) && (value as unknown[]).length === 2 && (value as unknown[]).some((each) => each !== null),
      ),
    },
    findes: { presence: 'given', checks: [trueOrFalse] },
  };
  const shape = makeShape(`${type.name}Udtryk`, {
    ...members,
    og: { presence: 'given', checks: [] },
    eller: { presence: 'given', checks: [] },
    ikke: { presence: 'given', checks: [] },
  });
  return shape;
}
