import type { Change, FacetItem, Rule } from '@stoettesystemer/engine';
import { invalid, period as p } from '@stoettesystemer/object';
import { isExpression, wholeMatches } from '../../restriction/whole-match';
import { newItems, periodOf, textOf } from '../periods';

const EGENSKABER = '/attributter/egenskaber/0';
const OF_LIST = new Set(['SINGLE', 'MULTI']);
const LONG = 120;

/** Texts that make an expression go astray if it can: each of its own letters over and over, and then one that is not. */
const probesFor = (source: string): string[] =>
  [...new Set([...source.replaceAll(/[^\p{L}\p{N}]/gu, ''), 'a', '0', 'A', '-', '.', ','])]
    .slice(0, 40)
    .map((letter) => `${letter.repeat(LONG)}\u0001`);

const isSafe = (source: string): boolean => wholeMatches(source, probesFor(source)) !== null;

/** A type of restriction says what its values can be, in a way that can be held against them. */
export const restrictionType: Rule = {
  types: ['Dataafgraensningstype'],
  facets: ['egenskaber', 'vaerdi'],
  check(change: Change) {
    const { action, after } = change;
    if (action === 'passiver' || action === 'slet') return;
    newItems(change, 'egenskaber').forEach(checkExpression);
    for (const item of after['egenskaber'] ?? []) {
      const type = textOf(item, 'vaerditype') ?? '';
      // Of KLE and units, the dimension says what a value is.
      if (!OF_LIST.has(type) || textOf(item, 'dimension') !== null) continue;
      if (!(after['vaerdi'] ?? []).some((value) => p.overlaps(periodOf(value), periodOf(item))))
        throw invalid('vaerdiliste', '/attributter/vaerdi', `En type, der er ${type}, skal have værdier.`);
    }
  },
};

function checkExpression(item: FacetItem): void {
  const source = textOf(item, 'regulaertUdtryk');
  if (source === null) return;
  const sti = `${EGENSKABER}/regulaertUdtryk`;
  if (textOf(item, 'vaerditype') !== 'TEXT')
    throw invalid('regulaert_udtryk', sti, 'Kun en type, der er TEXT, har et regulært udtryk.');
  if (!isExpression(source)) throw invalid('regulaert_udtryk', sti, 'Det regulære udtryk kan ikke læses.');
  if (!isSafe(source))
    throw invalid(
      'regulaert_udtryk',
      sti,
      'Det regulære udtryk kan tage uden ende at holde op imod en værdi.',
    );
}
