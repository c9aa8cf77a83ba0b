import type { Declaration, Field, FieldKind } from '@stoettesystemer/object';
import { LIFECYCLES } from '../intake/input-class';
import { AS_OF } from './as-of';

export const PAGE = ['limit', 'cursor'] as const;
export const RESULT = ['sorter', 'vis', 'antal', ...PAGE] as const;

/** A declaration cannot say that JSON is searched. */
type SearchedKind = Exclude<FieldKind, 'json'>;

/** One field that a type can be searched by, as operands and documentation need to know it. */
export interface SearchField {
  readonly name: string;
  readonly doc: string;
  /** `state` is a choice, `relation` a reference or the text of its textField, `prose` words. */
  readonly kind: SearchedKind | 'relation' | 'prose';
  readonly values?: readonly string[];
  /** Is told of a person: searched in a body only, never in a URL (C9). */
  readonly personal: boolean;
  /** A relation whose occurrences have roles, or a member of one: their short names. */
  readonly roles?: readonly string[];
  /** A relation that a text is compared with by one of its members. */
  readonly hasText?: boolean;
}

const SYSTEM: readonly SearchField[] = [
  { name: 'uuid', kind: 'uuid', personal: false, doc: 'Objektets UUID.' },
  {
    name: 'livscyklus',
    kind: 'choice',
    values: LIFECYCLES,
    personal: false,
    doc: 'Livscyklus efter den seneste registrering.',
  },
  { name: 'oprettet', kind: 'instant', personal: false, doc: 'Tidspunktet for den første registrering.' },
  {
    name: 'registreringFra',
    kind: 'instant',
    personal: false,
    doc: 'Tidspunktet for den seneste registrering.',
  },
];

function proseOf({ attributes }: Declaration): SearchField[] {
  const prose = Object.values(attributes)
    .flatMap(({ fields }) => Object.values(fields))
    .filter((field) => field.prose);
  if (prose.length === 0) return [];
  return [
    {
      name: 'tekst',
      kind: 'prose',
      // Where one of the texts is told of a person, the words may be a name.
      personal: prose.some(({ personal }) => personal),
      doc: 'Ord i titler, beskrivelser og søgeord, uanset bøjning og mindre stavefejl.',
    },
  ];
}

/** Names that mean something else in a search by parameters; a member of that name is written with its group. */
const TAKEN: ReadonlySet<string> = new Set([...RESULT, ...AS_OF, ...SYSTEM.map(({ name }) => name), 'tekst']);

type Named = readonly [name: string, field: Field];
const searched = (fields: Readonly<Record<string, Field>> = {}): Named[] =>
  Object.entries(fields).filter(([, { search }]) => search);
const fieldOf = (name: string, { doc, kind, values, personal }: Field): SearchField => ({
  name,
  doc,
  kind: kind as SearchedKind,
  personal: personal === true,
  ...(values ? { values } : {}),
});

/** Every field that objects of a type are searched by: what it declares, and the system's own. */
export function searchFieldsOf(type: Declaration): SearchField[] {
  const groups = Object.entries(type.attributes).map(
    ([facet, { fields }]) => [facet, searched(fields)] as const,
  );
  const count = new Map<string, number>();
  for (const [name] of groups.flatMap(([, fields]) => fields)) count.set(name, (count.get(name) ?? 0) + 1);
  const relations = Object.entries(type.relations);
  return [
    ...groups.flatMap(([facet, fields]) =>
      fields.map(([name, field]) => {
        const isAlone = count.get(name) === 1 && !TAKEN.has(name);
        return fieldOf(isAlone ? name : `${facet}.${name}`, field);
      }),
    ),
    ...Object.entries(type.states).map(([name, { doc, values }]): SearchField => ({
      name,
      doc,
      kind: 'choice',
      values,
      personal: false,
    })),
    ...relations
      .filter(([, { search }]) => search)
      .map(([name, { doc, personal, roles, textField }]): SearchField => ({
        name,
        doc,
        kind: 'relation',
        personal: personal === true,
        ...(roles ? { roles: Object.keys(roles) } : {}),
        ...(textField === undefined ? {} : { hasText: true }),
      })),
    ...relations.flatMap(([facet, { fields, personal, roles }]) =>
      searched(fields).map(([name, field]) => {
        const found = fieldOf(`${facet}.${name}`, field);
        return {
          ...found,
          personal: found.personal || personal === true,
          ...(roles ? { roles: Object.keys(roles) } : {}),
        };
      }),
    ),
    ...SYSTEM,
    ...proseOf(type),
  ];
}
