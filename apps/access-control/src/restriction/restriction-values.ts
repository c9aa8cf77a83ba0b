import { type ConstraintName, LEVELS } from '@stoettesystemer/access';
import { isCvr, isUrn, isUuid } from '@stoettesystemer/object';
import { wholeMatches } from './whole-match';

/** A Dataafgraensningstype, as far as its values go. `values` are those of its list. */
export interface RestrictionType {
  readonly entityId: string;
  /** SINGLE, MULTI, TEXT, ITSYSTEM or ITSYSTEM_MULTI. */
  readonly vaerditype: string;
  readonly regulaertUdtryk?: string | null | undefined;
  readonly dimension?: string | null | undefined;
  readonly values: readonly string[];
}

/** All there are. */
const ALL = '*';
const ALONE = new Set(['SINGLE', 'ITSYSTEM']);

interface Form {
  readonly holds: (value: string) => boolean;
  readonly rule: string;
}
const YES_OR_NO: Form = { holds: (value) => value === 'ja' || value === 'nej', rule: 'ja eller nej' };
const SYSTEM: Form = { holds: isUuid, rule: 'et it-systems UUID' };

/** What our own services understand; any other value would take all rights from the role that has it. */
const DIMENSIONS: Readonly<Record<ConstraintName, Form>> = {
  kle: {
    holds: (value) => /^\d\d\.(\*|\d\d\.(\*|\d\d))$/.test(value),
    rule: 'et KLE-nummer (27.18.02), en gruppe (27.18.*), en hovedgruppe (27.*) eller *',
  },
  foelsomhed: {
    holds: (value) => (LEVELS as readonly string[]).includes(value),
    rule: `en af ${LEVELS.join(', ')}`,
  },
  orgenhed: {
    holds: (value) => isUuid(value.replace(/\/\*$/, '')),
    rule: 'en organisationsenheds UUID, med /* for dem under den',
  },
  itsystem: { holds: (value) => isUuid(value) || isUrn(value), rule: 'et it-systems UUID eller URN' },
  organisation: { holds: isCvr, rule: 'et CVR-nummer' },
  beskedtype: { holds: isUuid, rule: 'en beskedtypes UUID' },
  afsendermyndighed: { holds: isCvr, rule: 'et CVR-nummer' },
  modtagermyndighed: { holds: isCvr, rule: 'et CVR-nummer' },
  'secpr-nummer': YES_OR_NO,
  senavn: YES_OR_NO,
};

const shown = (value: string): string => JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
const faultsOfForm = ({ holds, rule }: Form, values: readonly string[]): string[] =>
  values.filter((value) => !holds(value)).map((value) => `${shown(value)} er ikke ${rule}.`);

const MOST_SHOWN = 20;
function faultsOfList(
  { values: list, dimension }: RestrictionType,
  values: readonly string[],
): readonly string[] {
  // KLE and units are lists too long to stand in the type: there, the dimension says what a value is.
  if (list.length === 0 && dimension) return [];
  const known = new Set(list);
  const more = list.length > MOST_SHOWN ? ' …' : '';
  const rule =
    list.length === 0 ? 'listen er tom' : `kan være ${list.slice(0, MOST_SHOWN).join(', ')}${more}`;
  return values
    .filter((value) => !known.has(value))
    .map((value) => `${shown(value)} er ikke på værdilisten: ${rule}.`);
}

function faultsOfText({ regulaertUdtryk: source }: RestrictionType, values: readonly string[]): string[] {
  if (!source) return [];
  const matches = wholeMatches(source, values);
  if (!matches) return [`Værdierne kan ikke holdes op imod det regulære udtryk ${source}.`];
  return values
    .filter((_, at) => !matches[at])
    .map((value) => `${shown(value)} passer ikke med det regulære udtryk ${source}.`);
}

/**
 * What is wrong with the values of one restriction, in Danish, with the rule that is broken; nothing when all is well.
 * `*` alone is all values, whatever the type.
 */
export function faultsOf(type: RestrictionType, values: readonly string[]): string[] {
  if (values.length === 0) return ['Der skal være mindst en værdi; * er alle.'];
  if (values.includes(ALL)) return values.length === 1 ? [] : ['* er alle værdier og står alene.'];
  const { vaerditype, dimension } = type;
  const faults = [
    ...(ALONE.has(vaerditype) && values.length > 1 ? ['Der kan kun være én værdi.'] : []),
    ...(vaerditype === 'SINGLE' || vaerditype === 'MULTI' ? faultsOfList(type, values) : []),
    ...(vaerditype === 'TEXT' ? faultsOfText(type, values) : []),
    ...(vaerditype.startsWith('ITSYSTEM') ? faultsOfForm(SYSTEM, values) : []),
  ];
  if (faults.length > 0 || !dimension) return faults;
  const form = Object.hasOwn(DIMENSIONS, dimension) ? DIMENSIONS[dimension as ConstraintName] : null;
  return form ? faultsOfForm(form, values) : [`Dimensionen ${dimension} kendes ikke.`];
}
