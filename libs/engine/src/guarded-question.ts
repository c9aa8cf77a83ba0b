import {
  type Declaration,
  type GuardedField,
  guardedFields,
  isUrn,
  isUuid,
  malformed,
  Refusal,
} from '@stoettesystemer/object';
import type { Ask } from './ask';
import { isAmong, withheldFrom } from './guarded';
import { deny } from './permission';
import type { Comparison, Expression, Operand, Query } from './query';
import type { Reach } from './reading';
import { DEEPEST } from './search-condition';
import { searchField, type SearchField } from './search-field';

type Asked = Pick<Query, 'udtryk' | 'sorter'>;

/** Who is not shown a member may not find out about it by asking. @throws Refusal 403 `skjult_felt`; it is logged. */
export async function mayAsk(
  reach: Reach,
  ask: Ask,
  type: Declaration,
  operation: string,
  asked: Asked,
): Promise<void> {
  const withheld = withheldFrom(ask.caller, type, 'laes');
  if (withheld.length === 0) return;
  const [sti] = places(type, withheld, asked);
  if (sti === undefined) return;
  await deny(reach, ask, type, operation, [], 'skjult_felt');
  const besked = 'Aftalen giver ikke ret til at søge eller sortere efter feltet.';
  throw new Refusal(403, 'skjult_felt', besked, { fejl: [{ sti, kode: 'skjult_felt', besked }] });
}

/** Where the question is about something that is withheld. */
function places(type: Declaration, withheld: readonly GuardedField[], { udtryk, sorter }: Asked): string[] {
  const compared = udtryk === null ? [] : [...comparisonsOf(udtryk, '/udtryk', 0)];
  const found = compared.filter(([comparison, sti]) => {
    const field = searchField(type, comparison.felt, `${sti}/felt`);
    return isWithheld(type, withheld, field) || isComparedByText(withheld, field, comparison);
  });
  const order = sorter.map((name) => searchField(type, name.replace(/^-/, ''), '/sorter'));
  return [
    ...found.map(([, sti]) => `${sti}/felt`),
    ...(order.some((field) => isWithheld(type, withheld, field)) ? ['/sorter'] : []),
  ];
}

function* comparisonsOf(
  expression: Expression,
  sti: string,
  depth: number,
): Generator<readonly [Comparison, string]> {
  if (depth > DEEPEST) throw malformed('dybde', sti, 'Udtrykket er indlejret for dybt.');
  const parts = 'og' in expression ? expression.og : 'eller' in expression ? expression.eller : null;
  const word = 'og' in expression ? 'og' : 'eller';
  if (parts)
    for (const [at, part] of parts.entries()) yield* comparisonsOf(part, `${sti}/${word}/${at}`, depth + 1);
  else if ('ikke' in expression) yield* comparisonsOf(expression.ikke, `${sti}/ikke`, depth + 1);
  else yield [expression as Comparison, sti];
}

function isWithheld(type: Declaration, withheld: readonly GuardedField[], field: SearchField): boolean {
  if (field.kind === 'term') return isAmong(withheld, field.facet, field.member);
  // One index holds the words of all members: what is found by a word may have been found by a withheld one.
  return (
    field.kind === 'prose' &&
    withheld.some(({ facet, member }) => type.attributes[facet]?.fields[member]?.prose !== undefined)
  );
}

/** Texts that a question compares with names that not everybody is shown: the log tells who asked, not the name. */
export function namesIn(type: Declaration, udtryk: Expression | null): ReadonlySet<string> {
  const names = guardedFields(type).filter(({ guard }) => guard === 'senavn');
  if (udtryk === null || names.length === 0) return new Set();
  const operands = [...comparisonsOf(udtryk, '', 0)].flatMap(([comparison]) => {
    const field = searchField(type, comparison.felt, '');
    const isName = isWithheld(type, names, field) || isComparedByText(names, field, comparison);
    return isName ? operandsOf(comparison) : [];
  });
  return new Set(operands.filter((operand) => typeof operand === 'string'));
}

const isText = (operand: Operand | null | undefined): boolean =>
  operand !== null &&
  operand !== undefined &&
  typeof operand !== 'object' &&
  !isUuid(operand) &&
  !isUrn(operand);

const operandsOf = ({ lig, iblandt = [], begynderMed, mellem = [null, null] }: Comparison) => [
  lig,
  begynderMed,
  ...iblandt,
  ...mellem,
];

/** A relation that is compared with a text is compared by one of its members. */
function isComparedByText(
  withheld: readonly GuardedField[],
  field: SearchField,
  comparison: Comparison,
): boolean {
  if (field.kind !== 'relation' || !field.textField) return false;
  return (
    isAmong(withheld, field.textField.facet, field.textField.member) &&
    (comparison.begynderMed !== undefined || operandsOf(comparison).some(isText))
  );
}
