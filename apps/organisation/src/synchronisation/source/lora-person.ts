import { Person } from '@stoettesystemer/model';
import { type Instant, parseInstant, period as p, type Period } from '@stoettesystemer/object';
import type { Desired, Place } from './entry';
import type { Identity } from './identity';
import { type Item, itemsOf, type LoraRegistration, type Spanned } from './lora-object';

const CPR = /^urn:(?:dk:cpr:person|oio:cpr-nr):(\d{10})$/;

const periodOf = ({ virkning: { fra, til } }: Spanned): Period => ({
  from: parseInstant(fra)!,
  to: til === null ? null : parseInstant(til)!,
});
const edgesOf = (spans: readonly Spanned[]): string[] =>
  spans.flatMap(({ virkning: { fra, til } }) => [fra, ...(til === null ? [] : [til])]);
const at = (spans: readonly Spanned[], moment: Instant): Spanned | undefined =>
  spans.find((span) => p.contains(periodOf(span), moment));

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
const nameOf = (extension: Spanned | undefined, own: Spanned): string =>
  [text(extension?.['fornavn']), text(extension?.['efternavn'])].filter(Boolean).join(' ') ||
  text(own['brugernavn']);

export interface PersonBehind {
  readonly person: Desired;
  /** What the user points at the person by. */
  readonly tie: readonly Item[];
}

/**
 * The human being behind a user: in LoRa the user has the name, and the CPR number is a URN. The person's UUID comes of the
 * user's, never of the CPR number. Null where nobody is named.
 */
export function personBehind(
  uuid: string,
  { attributter, relationer }: LoraRegistration,
  place: Place,
  identity: Identity,
): PersonBehind | null {
  const own = itemsOf(attributter['brugeregenskaber'], 'egenskaber');
  const extensions = itemsOf(attributter['brugerudvidelser'] ?? [], 'udvidelser');
  const numbers = itemsOf(relationer['tilknyttedepersoner'] ?? [], 'tilknyttedepersoner').filter(({ urn }) =>
    CPR.test(String(urn)),
  );
  const edges = [...new Set([own, extensions, numbers].flatMap(edgesOf))].sort((a, b) =>
    parseInstant(a)! < parseInstant(b)! ? -1 : 1,
  );
  const items = edges.flatMap((fra, n): Item[] => {
    const moment = parseInstant(fra)!;
    const user = at(own, moment);
    const navn = user ? nameOf(at(extensions, moment), user) : '';
    if (!user || navn === '') return [];
    const [, cprNummer = null] = CPR.exec(String(at(numbers, moment)?.['urn'])) ?? [];
    const key = text(user['brugervendtnoegle']);
    return [
      {
        virkning: { fra, til: edges[n + 1] ?? null },
        // A key is shown to all; a CPR number is not.
        brugervendtNoegle: key === '' || /^\d{6}-?\d{4}$/.test(key) ? uuid : key,
        navn: navn.slice(0, 100),
        cprNummer,
      },
    ];
  });
  if (items.length === 0) return null;
  const person = identity('person', uuid);
  return {
    person: { place, type: Person.name, uuid: person, sections: { attributter: { egenskaber: items } } },
    tie: items.map(({ virkning }) => ({ virkning, reference: { uuid: person } })),
  };
}
