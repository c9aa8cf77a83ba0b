import type { SaidJobFunction } from '../decision/question';
import type { Constraint, PrivilegeList } from '../bpp/privilege-list';

/** Which restriction type each dynamic restriction of a job function is of, by the restriction's id. */
export type ParameterTypes = ReadonlyMap<string, string>;

const PARAMETER = /\/id-([^/]+)\/1\/parametric$/;

/** The name by which an IdP gives the value of a dynamic restriction: `<domain>id-<id>/1/parametric`. */
export function parameterName(jobFunction: string, id: string): string {
  const domain = /^[a-z]+:\/\/[^/]+\//i.exec(jobFunction)?.[0] ?? 'http://adgangsstyring/';
  return `${domain}id-${encodeURIComponent(id)}/1/parametric`;
}

/**
 * The job functions of a user of `home`. One of another municipality is kept, for the delegation to be asked for, but the
 * IdP may restrict it to nothing: a delegated role has the values that the delegator gave it.
 * @param typesOf what is registered of a job function's dynamic restrictions, by its entityId
 */
export async function saidJobFunctions(
  list: PrivilegeList,
  home: string,
  typesOf: (entityId: string) => Promise<ParameterTypes>,
): Promise<SaidJobFunction[]> {
  const said = list
    .filter(({ scope }) => scope.kind === 'cvrNumberIdentifier')
    .flatMap(({ scope, privileges, constraints }) =>
      privileges.map(async (entityId): Promise<SaidJobFunction> => {
        const isOwn = scope.value === home;
        const hasParameters = constraints.some(({ name }) => PARAMETER.test(name));
        const types: ParameterTypes = isOwn && hasParameters ? await typesOf(entityId) : new Map();
        return { scope: scope.value, entityId, dynamic: isOwn ? dynamicOf(constraints, types) : {} };
      }),
    );
  return Promise.all(said);
}

/** Two that say different things of one type are both left out, so that the role has no value, and is void. */
function dynamicOf(
  constraints: readonly Constraint[],
  types: ParameterTypes,
): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, readonly string[] | null>();
  for (const { name, values } of constraints) {
    const type = typeNamed(name, types);
    const before = found.get(type);
    found.set(type, before === undefined || sameValues(before, values) ? values : null);
  }
  return Object.fromEntries([...found].flatMap(([type, values]) => (values ? [[type, values]] : [])));
}

function typeNamed(name: string, types: ParameterTypes): string {
  const [, id] = PARAMETER.exec(name) ?? [];
  return (id !== undefined && types.get(decoded(id))) || name;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const sameValues = (a: readonly string[] | null, b: readonly string[]): boolean =>
  a !== null && a.toSorted().join() === b.toSorted().join();
