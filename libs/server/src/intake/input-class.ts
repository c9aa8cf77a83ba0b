import {
  type Declaration,
  type Group,
  isUuid,
  parseInstant,
  type Relation,
  type State,
} from '@stoettesystemer/object';
import { ArrayMinSize, IsBoolean, IsIn } from 'class-validator';
import { instantMember, lineMember, notesMember, referenceMember, takenAs, uuidMember } from './field-checks';
import { limits } from '../settings';
import { makeShape, type Member, must, type Shape } from './shape';

/** `whole`: the body says everything (opret, importer). `change`: only what is to be changed (ret). */
export type Mode = 'whole' | 'change';

/** The classes that check everything a type takes in. */
export interface InputClasses {
  readonly create: Shape;
  readonly change: Shape;
  /** One line of a bulk import. */
  readonly line: Shape;
  /** One line with a full history. */
  readonly history: Shape;
}

const from = (value: unknown) => (typeof value === 'string' ? parseInstant(value) : null);
const isAfterFra = (til: unknown, { fra }: Record<string, unknown>): boolean => {
  const [start, end] = [from(fra), from(til)];
  return start === null || end === null || start < end;
};

const Virkning = makeShape('Virkning', {
  fra: { ...instantMember, presence: 'required' },
  til: {
    checks: [...instantMember.checks, must('periode', 'Fra skal ligge før til.', isAfterFra)],
    presence: 'optional',
  },
  aktoerRef: { ...referenceMember, presence: 'given' },
  aktoerType: { ...lineMember(limits.text.word), presence: 'given' },
  note: { ...notesMember(limits.text.note), presence: 'given' },
});
const virkning: Member = { checks: [], presence: 'required', one: Virkning };

const slut: Member = {
  checks: [IsIn([true], { message: 'Kan kun være true.' })],
  presence: 'given',
};
const ending = (mode: Mode): Record<string, Member> => (mode === 'change' ? { slut } : {});

function groupShape(name: string, { fields, key }: Group, mode: Mode): Shape {
  const members: Record<string, Member> = { virkning, ...ending(mode) };
  for (const [field, declared] of Object.entries(fields)) {
    const isNeeded = field === key || (declared.required === true && mode === 'whole');
    // What is required can be left out of a change, but not cleared by it.
    const presence = isNeeded ? 'required' : declared.required ? 'given' : 'optional';
    members[field] = { ...takenAs(declared), presence };
  }
  return makeShape(name, members);
}

function stateShape(name: string, { values }: State, mode: Mode): Shape {
  const checks = [IsIn([...values], { message: `Skal være en af: ${values.join(', ')}.` })];
  const presence = mode === 'whole' ? 'required' : 'endableBySlut';
  return makeShape(name, { virkning, ...ending(mode), vaerdi: { checks, presence } });
}

/** A word of a vocabulary that is data: one of the short names, or the UUID of any Klasse. */
const wordOf = (names: readonly string[]): Member => ({
  checks: [
    must(
      'vaerdi',
      `Skal være en UUID eller en af: ${names.join(', ')}.`,
      (value) => names.includes(value as string) || isUuid(value),
    ),
  ],
  presence: 'required',
});

function relationShape(name: string, relation: Relation, mode: Mode): Shape {
  const { roles, typed, indexed, many, targets, fields = {} } = relation;
  // Without an index the reference itself says which one is ended.
  const ended = many && !indexed ? 'endable' : 'endableBySlut';
  const members: Record<string, Member> = {
    virkning,
    ...ending(mode),
    reference: { ...referenceMember, presence: mode === 'whole' ? 'required' : ended },
    ...(roles ? { rolle: wordOf(Object.keys(roles)) } : {}),
    ...(typed ? { type: { ...wordOf(targets), presence: 'optional' } } : {}),
    ...(indexed ? { indeks: { ...lineMember(limits.text.index), presence: 'required' } } : {}),
  };
  for (const [field, declared] of Object.entries(fields))
    members[field] = {
      ...takenAs(declared),
      presence: declared.required && mode === 'whole' ? 'required' : 'optional',
    };
  return makeShape(name, members);
}

const atLeastOne = ArrayMinSize(1, { message: 'Skal have mindst én forekomst.' });

/** One section of an object: its facets, each a list of items. */
function section<F extends { readonly required?: boolean }>(
  name: string,
  facets: Readonly<Record<string, F>>,
  mode: Mode,
  shapeOf: (name: string, facet: F, mode: Mode) => Shape,
): Member {
  const members: Record<string, Member> = {};
  let isNeeded = false;
  for (const [facet, declared] of Object.entries(facets)) {
    const required = declared.required === true && mode === 'whole';
    isNeeded ||= required;
    members[facet] = {
      checks: required ? [atLeastOne] : [],
      presence: required ? 'required' : 'given',
      many: shapeOf(`${name}.${facet}`, declared, mode),
    };
  }
  return { checks: [], presence: isNeeded ? 'required' : 'given', one: makeShape(name, members) };
}

const sectionsOf = (type: Declaration, mode: Mode): Record<string, Member> => ({
  attributter: section(`${type.name}.attributter`, type.attributes, mode, groupShape),
  tilstande: section(`${type.name}.tilstande`, type.states, mode, stateShape),
  relationer: section(`${type.name}.relationer`, type.relations, mode, relationShape),
});

const about: Record<string, Member> = {
  note: { ...notesMember(limits.text.note), presence: 'optional' },
  tidspunkt: { ...instantMember, presence: 'optional' },
  brugerRef: { ...referenceMember, presence: 'optional' },
};

export const LIFECYCLES = ['Opstaaet', 'Importeret', 'Rettet', 'Passiveret', 'Slettet'];

/** Registrations follow each other without a gap: each ends where the next begins. */
const isContiguous = (list: unknown): boolean =>
  Array.isArray(list) &&
  (list as Record<string, unknown>[]).every((each, at) => {
    const next = (list as Record<string, unknown>[])[at + 1];
    const [start, end, following] = [from(each['fra']), from(each['til']), from(next?.['fra'])];
    if (next === undefined || start === null || following === null) return true;
    return start < following && (end === null || end === following);
  });

/** Makes the classes of one declaration. Costly; done once a type, at start. */
export function inputClasses(type: Declaration): InputClasses {
  const objekttype: Member = {
    checks: [IsIn([type.name], { message: `Skal være ${type.name}.` })],
    presence: 'given',
  };
  const whole = sectionsOf(type, 'whole');
  const uuid: Member = { ...uuidMember, presence: 'given' };
  const create = makeShape(`${type.name}Opret`, { objekttype, ...about, ...whole });
  const change = makeShape(`${type.name}Ret`, {
    objekttype,
    ...about,
    erstat: { checks: [IsBoolean({ message: 'Skal være true eller false.' })], presence: 'given' },
    ...sectionsOf(type, 'change'),
  });
  const line = makeShape(`${type.name}Linje`, { objekttype, uuid, ...about, ...whole });
  const bare = Object.fromEntries(
    Object.entries(whole).map(([name, member]) => [name, { ...member, presence: 'given' as const }]),
  );
  const registration = makeShape(`${type.name}Registrering`, {
    fra: { ...instantMember, presence: 'required' },
    til: {
      checks: [...instantMember.checks, must('periode', 'Fra skal ligge før til.', isAfterFra)],
      presence: 'optional',
    },
    livscyklus: {
      checks: [IsIn(LIFECYCLES, { message: `Skal være en af: ${LIFECYCLES.join(', ')}.` })],
      presence: 'optional',
    },
    ...about,
    ...bare,
  });
  const history = makeShape(`${type.name}Historik`, {
    objekttype,
    uuid,
    registreringer: {
      checks: [
        atLeastOne,
        must('raekkefoelge', 'Registreringerne skal følge hinanden uden huller.', isContiguous),
      ],
      presence: 'required',
      many: registration,
    },
  });
  return { create, change, line, history };
}
