import type { Field } from './field';

/** Attributes that hold together over one virkning. With `key`, many such groups side by side, one timeline per key. */
export interface Group<F extends Record<string, Field> = Record<string, Field>> {
  readonly doc: string;
  readonly fields: F;
  /** The member that tells the occurrences apart. */
  readonly key?: string;
  /** At least one must be given when the object is made. */
  readonly required?: boolean;
}

export interface State<V extends readonly string[] = readonly string[]> {
  readonly doc: string;
  readonly values: V;
  readonly required?: boolean;
}

export interface Relation<F extends Record<string, Field> = Record<string, Field>> {
  readonly doc: string;
  /** Names of the types it may point at; for documentation and forms, since the target may live in another service. */
  readonly targets: readonly string[];
  readonly many: boolean;
  /** Told apart by (rolle, indeks) instead of by the reference. */
  readonly indexed?: boolean;
  /** Short name of a role → UUID of its Klasse. Present: `rolle` is required and is one of these, or any UUID. */
  readonly roles?: Readonly<Record<string, string>>;
  /** Items carry `type`. */
  readonly typed?: boolean;
  /** Members beside the reference. */
  readonly fields?: F;
  /** The member that a text operand is compared with; a reference is compared with the reference itself. */
  readonly textField?: string;
  readonly search?: boolean;
  readonly required?: boolean;
  /** Points at persons. */
  readonly personal?: boolean;
  /** Said by the engine where it is left out: the it-system of the caller, for always. */
  readonly caller?: boolean;
}

/** The object is itself the value: a unit is reached by those who may reach that unit. */
export interface AccessToItself {
  readonly itself: true;
}

/** Where an object's value for a data restriction is found: a facet, the role where it has roles, a member. */
export interface AccessByFacet {
  readonly facet: string;
  readonly rolle?: string;
  /** Left out: the reference of a relation, the value of a state. */
  readonly field?: string;
}

export type AccessPath = AccessByFacet | AccessToItself;

/** The restrictions that a role can carry (A7). A type without a path for one is reached only by its `*`. */
export interface AccessPaths {
  readonly kle?: AccessPath;
  readonly foelsomhed?: AccessPath;
  readonly orgenhed?: AccessPath;
  readonly itsystem?: AccessPath;
  /** CVR of the organisation that keeps the object, where that is not the municipality that owns it. */
  readonly organisation?: AccessPath;
  /** Of an event: the UUID of the Klasse that says what it is about, whose it is, and whom it is for (both CVR). */
  readonly beskedtype?: AccessPath;
  readonly afsendermyndighed?: AccessPath;
  readonly modtagermyndighed?: AccessPath;
}

/** One object type, said once. Everything else asks it. */
export interface Declaration {
  /** The standard's name: `Klasse`. */
  readonly name: string;
  /** Plural path under the service's prefix: `klasser`. */
  readonly path: string;
  readonly doc: string;
  /** `physical` where what is deleted at the source must be gone (the indexes). */
  readonly deletion: 'logical' | 'physical';
  readonly attributes: Readonly<Record<string, Group>>;
  readonly states: Readonly<Record<string, State>>;
  readonly relations: Readonly<Record<string, Relation>>;
  readonly access?: AccessPaths;
}

export const group = <F extends Record<string, Field>>(
  doc: string,
  fields: F,
  options: { required?: boolean } = {},
): Group<F> => ({ doc, fields, ...options });

export const keyed = <F extends Record<string, Field>>(
  key: keyof F & string,
  doc: string,
  fields: F,
): Group<F> & { readonly key: string } => ({ doc, fields, key });

export const state = <const V extends readonly string[]>(
  values: V,
  options: { doc: string; required?: boolean },
): State<V> => ({ values, ...options });

type RelationOptions<F extends Record<string, Field>> = Omit<Relation<F>, 'targets' | 'many'>;

export const one = <F extends Record<string, Field>>(
  target: string | string[],
  options: RelationOptions<F>,
) => ({ ...options, targets: [target].flat(), many: false }) as Relation<F> & { readonly many: false };

export const many = <F extends Record<string, Field>>(
  target: string | string[],
  options: RelationOptions<F>,
) => ({ ...options, targets: [target].flat(), many: true }) as Relation<F> & { readonly many: true };

/** A searched text is an index key, and PostgreSQL's b-tree takes no key over 2,704 bytes. */
const LONGEST_SEARCHED = 600;

/**
 * Takes a declaration as it is written, checks what the type system cannot, and freezes it.
 * @throws Error naming the type and the member that is wrong.
 */
export function define<const D extends Declaration>(declaration: D): D {
  const wrong = (where: string, what: string): never => {
    throw new Error(`${declaration.name}.${where}: ${what}`);
  };
  const members = new Set<string>();
  const facets = [declaration.attributes, declaration.states, declaration.relations] as const;
  for (const facet of facets.flatMap(Object.keys)) {
    if (members.has(facet)) wrong(facet, 'declared twice');
    if (!/^[a-z][A-Za-z0-9]*$/.test(facet)) wrong(facet, 'not a camelCase ASCII name');
    members.add(facet);
  }
  for (const [name, { fields, key }] of Object.entries(declaration.attributes)) {
    if (key !== undefined && (fields[key]?.kind !== 'text' || fields[key].required !== true))
      wrong(name, 'its key must be a required text');
    if (key !== undefined && fields[key]?.guard) wrong(name, 'its key cannot be guarded');
    checkFields(name, fields, wrong);
  }
  for (const [name, relation] of Object.entries(declaration.relations)) {
    checkFields(name, relation.fields ?? {}, wrong);
    if (relation.textField !== undefined && !relation.fields?.[relation.textField]?.search)
      wrong(name, 'textField must be one of its searched members');
    if (relation.caller && relation.many) wrong(name, 'a caller is one it-system');
    if (relation.indexed && !relation.many) wrong(name, 'only 0..n relations have an index');
  }
  for (const [dimension, path] of Object.entries(declaration.access ?? {}) as [string, AccessPath][])
    if ('facet' in path && !members.has(path.facet)) wrong(`access.${dimension}`, `no facet ${path.facet}`);
  return deepFreeze(declaration);
}

function checkFields(
  facet: string,
  fields: Record<string, Field>,
  wrong: (where: string, what: string) => never,
) {
  for (const [name, field] of Object.entries(fields)) {
    if (['virkning', 'slut', 'reference', 'rolle', 'type', 'indeks'].includes(name))
      wrong(`${facet}.${name}`, 'the name is taken by the contract');
    if (!field.doc) wrong(`${facet}.${name}`, 'has no doc');
    // What is personal is never searched in a URL, and its reads are kept nowhere and logged.
    if (field.guard && !field.personal) wrong(`${facet}.${name}`, 'what is guarded is personal');
    if (field.search && field.kind === 'json') wrong(`${facet}.${name}`, 'JSON is not searched');
    if (field.search && field.kind === 'text' && (field.max ?? 0) > LONGEST_SEARCHED)
      wrong(`${facet}.${name}`, `a searched text holds at most ${LONGEST_SEARCHED} characters`);
  }
}

const deepFreeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
};

export type Section = 'attributter' | 'tilstande' | 'relationer';

/** Which section of an object a facet stands in, or undefined when the type has no such facet. */
export const sectionOf = (type: Declaration, facet: string): Section | undefined =>
  Object.hasOwn(type.attributes, facet)
    ? 'attributter'
    : Object.hasOwn(type.states, facet)
      ? 'tilstande'
      : Object.hasOwn(type.relations, facet)
        ? 'relationer'
        : undefined;

const personal = new WeakMap<Declaration, boolean>();

/** A type holds personal data when any part of it says so: its reads are then logged (O1). */
export function isPersonal(type: Declaration): boolean {
  let known = personal.get(type);
  if (known === undefined) personal.set(type, (known = holdsPersonal(type)));
  return known;
}

const holdsPersonal = (type: Declaration): boolean =>
  [...Object.values(type.attributes), ...Object.values(type.relations)].some(
    (facet) =>
      ('personal' in facet && facet.personal === true) ||
      Object.values(facet.fields ?? {}).some((field) => field.personal),
  );
