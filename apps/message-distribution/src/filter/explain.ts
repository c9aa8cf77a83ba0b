import { type Attributes, type Comparing, type Filter, type Holds, listedValues, textOf } from './filter';
import { comparing, comparisonHolds, isListed } from './matches';

/** Whether one part of the filters holds for an event, and why. */
export interface Explanation {
  readonly opfyldt: boolean;
  /** JSON pointer to the part, as it stands in the subscription. */
  readonly sti: string;
  /** In Danish, for whoever writes the subscription. */
  readonly tekst: string;
  readonly dele?: readonly Explanation[];
}

const WORDS: Readonly<Record<Comparing, readonly [string, string]>> = {
  exact: ['er', 'er ikke'],
  prefix: ['begynder med', 'begynder ikke med'],
  suffix: ['slutter med', 'slutter ikke med'],
};

function comparison(
  [dialect, name, given]: readonly [Comparing, string, string],
  attributes: Attributes,
  sti: string,
): Explanation {
  const value = textOf(attributes, name);
  if (value === undefined)
    return { opfyldt: false, sti, tekst: `Beskeden har ikke ${name}, som filteret spørger efter.` };
  const opfyldt = comparisonHolds(dialect, name, given, attributes);
  const [holds, fails] = WORDS[dialect];
  const but = opfyldt || dialect !== 'exact' ? '' : `, men “${value}”`;
  return { opfyldt, sti, tekst: `${name} ${opfyldt ? holds : fails} “${given}”${but}.` };
}

const tally = (parts: readonly Explanation[]): string =>
  `${parts.filter((part) => part.opfyldt).length} af ${parts.length}`;

function group(isEvery: boolean, dele: readonly Explanation[], sti: string): Explanation {
  const opfyldt = isEvery ? dele.every((part) => part.opfyldt) : dele.some((part) => part.opfyldt);
  const tekst = `${isEvery ? 'Alle skal være opfyldt' : 'Mindst én skal være opfyldt'}; ${tally(dele)} er det.`;
  return { opfyldt, sti, tekst, dele };
}

function explained(filter: Filter, attributes: Attributes, holds: Holds, sti: string): Explanation {
  if ('all' in filter || 'any' in filter) {
    const [name, parts] = 'all' in filter ? ['all', filter.all] : ['any', filter.any];
    const dele = parts.map((part, index) => explained(part, attributes, holds, `${sti}/${name}/${index}`));
    return group(name === 'all', dele, `${sti}/${name}`);
  }
  if ('not' in filter) {
    const part = explained(filter.not, attributes, holds, `${sti}/not`);
    const tekst = `Må ikke være opfyldt, og det er det ${part.opfyldt ? 'dog' : 'heller ikke'}.`;
    return { opfyldt: !part.opfyldt, sti: `${sti}/not`, tekst, dele: [part] };
  }
  if ('vaerdiliste' in filter) return listed(filter, attributes, holds, `${sti}/vaerdiliste`);
  const [dialect, comparisons] = comparing(filter)!;
  const dele = Object.entries(comparisons).map(([name, given]) =>
    comparison([dialect, name, given], attributes, `${sti}/${dialect}/${name}`),
  );
  return dele.length === 1 ? dele[0]! : group(true, dele, `${sti}/${dialect}`);
}

function listed(
  { vaerdiliste }: Extract<Filter, { vaerdiliste: unknown }>,
  attributes: Attributes,
  holds: Holds,
  sti: string,
): Explanation {
  const { attribut, uuid } = vaerdiliste;
  if (listedValues(attributes, attribut).length === 0)
    return { opfyldt: false, sti, tekst: `Beskeden har ikke ${attribut}, som værdilisten skal rumme.` };
  const opfyldt = isListed(vaerdiliste, attributes, holds);
  return { opfyldt, sti, tekst: `${attribut} står ${opfyldt ? '' : 'ikke '}i værdilisten ${uuid}.` };
}

/** Why an event passes a subscription's filters, or which part of them it does not. */
export function explain(
  filters: readonly Filter[],
  attributes: Attributes,
  holds: Holds,
  sti = '/filtre',
): Explanation {
  if (filters.length === 0)
    return { opfyldt: true, sti, tekst: 'Der er ingen filtre, så alle beskeder passer.' };
  return group(
    true,
    filters.map((filter, index) => explained(filter, attributes, holds, `${sti}/${index}`)),
    sti,
  );
}
