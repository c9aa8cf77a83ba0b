import { type Fault, Refusal } from '@stoettesystemer/object';
import { validateSync, type ValidationError } from 'class-validator';
import { instanceOf, type Shape } from './shape';

/** class-validator's own names of its checks → our stable codes. What is not here is a check of ours and names itself. */
const CODES: Readonly<Record<string, string>> = {
  isString: 'type',
  isBoolean: 'type',
  isInt: 'type',
  isNumber: 'type',
  isArray: 'type',
  nestedValidation: 'type',
  unknownValue: 'type',
  isDefined: 'paakraevet',
  arrayMinSize: 'paakraevet',
  isIn: 'vaerdi',
  arrayUnique: 'gentaget',
  matches: 'moenster',
  min: 'mindst',
  max: 'stoerst',
  whitelistValidation: 'ukendt',
};
/** Faults of meaning, not of form: the rules that contract §4 answers with 422. */
const DOMAIN = new Set(['periode', 'overlap', 'raekkefoelge']);
const MOST_FAULTS = 50;

const escaped = (member: string): string => member.replaceAll('~', '~0').replaceAll('/', '~1');

function* faultsOf(errors: readonly ValidationError[], sti: string): Generator<Fault> {
  for (const { property, constraints = {}, children = [] } of errors) {
    const here = property === undefined ? sti : `${sti}/${escaped(property)}`;
    for (const [name, message] of Object.entries(constraints))
      yield {
        sti: here,
        kode: CODES[name] ?? name,
        besked: name === 'whitelistValidation' ? 'Medlemmet kendes ikke.' : message,
      };
    yield* faultsOf(children, here);
  }
}

/**
 * Takes a parsed body in as an instance of the class that its type's declaration made.
 * @throws Refusal 400 with every fault; 422 when all of them are faults of meaning.
 */
export function checked<T>(shape: Shape, body: unknown): T {
  const made = instanceOf(shape, body);
  if (!(made instanceof shape.type))
    throw refused([{ sti: '', kode: 'type', besked: 'Indholdet skal være et JSON-objekt.' }]);
  const errors = validateSync(made, {
    whitelist: true,
    forbidNonWhitelisted: true,
    // The section of a type that has no facets in it is a class without checks: empty is right, anything in it is not.
    forbidUnknownValues: false,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
  });
  if (errors.length > 0) throw refused([...faultsOf(errors, '')]);
  return made as T;
}

function refused(fejl: readonly Fault[]): Refusal {
  const [first] = fejl;
  const isDomain = first !== undefined && fejl.every(({ kode }) => DOMAIN.has(kode));
  const kode = isDomain ? first.kode : 'ugyldigt_indhold';
  const detail = isDomain ? first.besked : 'Indholdet er ikke, som objekttypen kræver. Se fejl.';
  return new Refusal(isDomain ? 422 : 400, kode, detail, { fejl: fejl.slice(0, MOST_FAULTS) });
}
