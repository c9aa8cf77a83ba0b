import {
  type Declaration,
  type Field,
  type Group,
  guardedFields,
  type Relation,
  type State,
} from '@stoettesystemer/object';
import { LIFECYCLES } from '../intake/input-class';
import { limits } from '../settings';
import { CVR, exampleOf, fieldSchema, INSTANT, line, UUID } from './field-schema';
import { closed, listOf, orNull, ref, type Schema } from './schema';

/** `svar`: as answered. `opret`: everything is said. `ret`: what is to be changed. */
type Mode = 'svar' | 'opret' | 'ret';

const { text } = limits;
const virkningOf = (mode: Mode): Schema => ref(mode === 'svar' ? 'Virkning' : 'VirkningInd');
const slutOf = (mode: Mode): Record<string, Schema> =>
  mode === 'ret' ? { slut: { const: true, description: 'Intet gælder i perioden.' } } : {};

const isNeeded = ({ required }: Field, mode: Mode): boolean => required === true && mode !== 'ret';
/** Null where we are told: what may be cleared. Null where we tell: what is not shown to everybody. */
const memberOf = (field: Field, mode: Mode): Schema => {
  const schema = fieldSchema(field);
  const mayBeNull = mode === 'svar' ? field.guard !== undefined : field.required !== true;
  return mayBeNull ? orNull(schema) : schema;
};
const membersOf = (fields: Readonly<Record<string, Field>>, mode: Mode): Record<string, Schema> =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, memberOf(field, mode)]));
const neededOf = (fields: Readonly<Record<string, Field>>, mode: Mode): string[] =>
  Object.entries(fields).flatMap(([name, field]) => (isNeeded(field, mode) ? [name] : []));

function groupSchema({ fields, key, doc }: Group, mode: Mode): Schema {
  const required = new Set(['virkning', ...(key === undefined ? [] : [key]), ...neededOf(fields, mode)]);
  const properties = { virkning: virkningOf(mode), ...slutOf(mode), ...membersOf(fields, mode) };
  return closed(properties, [...required], { description: doc });
}

/** Something holds, or it is said that nothing does: by null, or by `slut`. */
const endable = (mode: Mode, member: string, bySlut: boolean): Schema =>
  mode === 'ret' && bySlut ? { anyOf: [{ required: [member] }, { required: ['slut'] }] } : {};

function stateSchema({ values, doc }: State, mode: Mode): Schema {
  const vaerdi: Schema = { enum: mode === 'ret' ? [...values, null] : values };
  const required = mode === 'ret' ? ['virkning'] : ['virkning', 'vaerdi'];
  const properties = { virkning: virkningOf(mode), ...slutOf(mode), vaerdi };
  return closed(properties, required, { description: doc, ...endable(mode, 'vaerdi', true) });
}

const wordSchema = (names: readonly string[]): Schema => ({ anyOf: [{ enum: names }, UUID] });

function relationSchema(relation: Relation, mode: Mode): Schema {
  const { doc, roles, typed, indexed, many, targets, fields = {}, personal } = relation;
  const bySlut = mode === 'ret' && (!many || indexed === true);
  const type = wordSchema(targets);
  const properties: Record<string, Schema> = {
    virkning: virkningOf(mode),
    ...slutOf(mode),
    ...(roles ? { rolle: wordSchema(Object.keys(roles)) } : {}),
    ...(roles && mode === 'svar' ? { rolleRef: closed({ uuid: UUID }, ['uuid']) } : {}),
    ...(typed ? { type: mode === 'svar' ? type : orNull(type) } : {}),
    ...(indexed ? { indeks: line(text.index) } : {}),
    reference: mode === 'ret' ? orNull(ref('Reference')) : ref('Reference'),
    ...Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [
        name,
        mode === 'svar' || isNeeded(field, mode) ? memberOf(field, mode) : orNull(fieldSchema(field)),
      ]),
    ),
  };
  const required = [
    'virkning',
    ...(roles ? ['rolle'] : []),
    ...(indexed ? ['indeks'] : []),
    ...(bySlut ? [] : ['reference']),
    ...neededOf(fields, mode),
  ];
  return closed(properties, required, {
    description: `${doc} Peger på: ${targets.join(', ')}.`,
    ...(personal ? { 'x-personoplysning': true } : {}),
    ...endable(mode, 'reference', bySlut),
  });
}

function section<F extends { readonly required?: boolean }>(
  facets: Readonly<Record<string, F>>,
  mode: Mode,
  schemaOf: (facet: F, mode: Mode) => Schema,
): { schema: Schema; required: boolean } {
  const needed =
    mode === 'opret'
      ? Object.entries(facets).flatMap(([name, { required }]) => (required ? [name] : []))
      : [];
  const properties = Object.fromEntries(
    Object.entries(facets).map(([name, facet]) => {
      const minItems = mode === 'svar' || needed.includes(name) ? { minItems: 1 } : {};
      return [name, listOf(schemaOf(facet, mode), minItems)];
    }),
  );
  return { schema: closed(properties, needed), required: mode === 'svar' || needed.length > 0 };
}

function sections(type: Declaration, mode: Mode): { properties: Record<string, Schema>; required: string[] } {
  const all = {
    attributter: section(type.attributes, mode, groupSchema),
    tilstande: section(type.states, mode, stateSchema),
    relationer: section(type.relations, mode, relationSchema),
  };
  return {
    properties: Object.fromEntries(Object.entries(all).map(([name, { schema }]) => [name, schema])),
    required: Object.entries(all).flatMap(([name, { required }]) => (required ? [name] : [])),
  };
}

const about: Record<string, Schema> = {
  note: orNull(line(text.note)),
  tidspunkt: orNull({ ...INSTANT, description: 'Tidspunktet for ændringen i kildesystemet.' }),
  brugerRef: orNull(ref('Reference')),
};

const advarsler: Schema = listOf(
  closed(
    {
      sti: { type: 'string', description: 'Feltet: /sektion/facet/felt.' },
      kode: { const: 'skjult' },
      besked: { type: 'string' },
    },
    ['sti', 'kode', 'besked'],
  ),
  {
    minItems: 1,
    description: 'Felter, som er null, fordi aftalen ikke giver ret til at se dem. Sættes af tjenesten.',
  },
);

/** The bodies and answers that are a type's own. */
export function objectSchemas(type: Declaration): Record<string, Schema> {
  const { name, doc } = type;
  const objekttype: Schema = { const: name };
  const [svar, opret, ret] = [sections(type, 'svar'), sections(type, 'opret'), sections(type, 'ret')];
  const registration = closed(
    {
      fra: INSTANT,
      til: orNull(INSTANT),
      livscyklus: { enum: [...LIFECYCLES, null] },
      ...about,
      ...opret.properties,
    },
    ['fra'],
  );
  return {
    [name]: closed(
      {
        uuid: UUID,
        objekttype,
        ejer: CVR,
        tidspunkt: INSTANT,
        registrering: ref('Registrering'),
        ...svar.properties,
        ...(guardedFields(type).length > 0 ? { advarsler } : {}),
      },
      ['uuid', 'objekttype', 'ejer', 'registrering', ...svar.required],
      { description: doc },
    ),
    [`${name}Opret`]: closed({ objekttype, ...about, ...opret.properties }, opret.required, {
      description: `Hele objektet, som det skal registreres. ${doc}`,
      examples: [exampleBody(type)],
    }),
    [`${name}Ret`]: closed(
      {
        objekttype,
        ...about,
        erstat: { type: 'boolean', description: 'Hver relationstype, der er nævnt, erstattes som helhed.' },
        ...ret.properties,
      },
      [],
      { description: 'Kun det, der skal ændres: hvert led siger, hvad der gælder i dets virkning.' },
    ),
    [`${name}Linje`]: closed(
      { objekttype, uuid: UUID, ...about, ...opret.properties },
      ['objekttype', ...opret.required],
      {
        description: 'En linje i en import.',
      },
    ),
    [`${name}Historik`]: closed(
      { objekttype, uuid: UUID, registreringer: listOf(registration, { minItems: 1 }) },
      ['objekttype', 'registreringer'],
      { description: 'En linje i en import med alle registreringer, den ældste først.' },
    ),
    [`${name}Side`]: closed(
      {
        data: listOf({ anyOf: [ref(name), UUID] }),
        naeste: orNull({ type: 'string', description: 'Cursor til den næste side.' }),
        antal: { type: 'integer', minimum: 0, description: 'Præcist op til 10.000, derover et skøn.' },
      },
      ['data', 'naeste'],
    ),
    [`${name}Liste`]: closed({ data: listOf(ref(name)) }, ['data']),
  };
}

/** A body that creates the type; without what its declaration makes it impossible to guess. */
export function exampleBody({ name, attributes, states }: Declaration): Record<string, unknown> {
  const virkning = { fra: '2026-01-01T00:00:00+01:00', til: null };
  const groups = Object.entries(attributes).flatMap(([group, { fields, required }]) => {
    if (!required) return [];
    const members = Object.entries(fields).flatMap(([field, declared]) => {
      const value = declared.required || declared.search ? exampleOf(declared, field) : undefined;
      return value === undefined ? [] : [[field, value] as const];
    });
    return [[group, [{ virkning, ...Object.fromEntries(members) }]] as const];
  });
  const values = Object.entries(states).map(
    ([
      state,
      {
        values: [first],
      },
    ]) => [state, [{ virkning, vaerdi: first }]] as const,
  );
  return {
    objekttype: name,
    note: 'Oprettet som eksempel',
    ...(groups.length > 0 ? { attributter: Object.fromEntries(groups) } : {}),
    ...(values.length > 0 ? { tilstande: Object.fromEntries(values) } : {}),
  };
}
