import type { Declaration, Field, FieldKind } from '@stoettesystemer/object';
import { LIFECYCLES } from '../intake/input-class';

/** One field that a type can be searched by, as operands and documentation need to know it. */
export interface SearchField {
  readonly name: string;
  readonly doc: string;
  /** `state` is a choice, `relation` a reference or the text of its textField, `prose` words. */
  readonly kind: FieldKind | 'relation' | 'prose';
  readonly values?: readonly string[];
  /** Is told of a person: searched in a body only, never in a URL (C9). */
  readonly personal: boolean;
  /** A relation whose occurrences have roles. */
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

const proseOf = (type: Declaration): SearchField[] =>
  Object.values(type.attributes).some(({ fields }) => Object.values(fields).some(({ prose }) => prose))
    ? [
        {
          name: 'tekst',
          kind: 'prose',
          personal: false,
          doc: 'Ord i titler, beskrivelser og søgeord, uanset bøjning og mindre stavefejl.',
        },
      ]
    : [];

type Named = readonly [name: string, field: Field];
const searched = (fields: Readonly<Record<string, Field>> = {}): Named[] =>
  Object.entries(fields).filter(([, { search }]) => search);
const fieldOf = (name: string, { doc, kind, values, personal }: Field): SearchField => ({
  name,
  doc,
  kind,
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
      fields.map(([name, field]) => fieldOf(count.get(name) === 1 ? name : `${facet}.${name}`, field)),
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
    ...relations.flatMap(([facet, { fields, personal }]) =>
      searched(fields).map(([name, field]) => {
        const found = fieldOf(`${facet}.${name}`, field);
        return { ...found, personal: found.personal || personal === true };
      }),
    ),
    ...SYSTEM,
    ...proseOf(type),
  ];
}
