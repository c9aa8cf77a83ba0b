import { COMMON_OWNER, type PrivilegeGroup, type Verb } from '@stoettesystemer/access';
import type { Guard } from '@stoettesystemer/object';
import type { Known, Parents } from './random-town';

/** Who asks, in a test's words. */
export interface Asker {
  readonly owner: string;
  readonly hasUser: boolean;
  readonly groups: readonly PrivilegeGroup[];
}

type Unit = string | { readonly rod: string; readonly undertrae: boolean };

const isAnswer = (value: unknown): boolean => ['*', 'ja', 'nej'].includes([value].flat().join('|'));
const unitsOf = ({ constraints }: PrivilegeGroup): readonly Unit[] | null =>
  constraints['orgenhed'] === undefined ? null : ([constraints['orgenhed']].flat() as Unit[]);

/** What cannot be understood gives nothing. */
const isVoid = ({ constraints }: PrivilegeGroup): boolean =>
  Object.entries(constraints).some(([name, value]) =>
    name === 'orgenhed'
      ? [value].flat().length === 0
      : name === 'senavn' || name === 'secpr-nummer'
        ? !isAnswer(value)
        : true,
  );

/** Of each kind that must agree, the groups that name the privilege. */
const sides = ({ hasUser, groups }: Asker, type: string, verb: Verb): PrivilegeGroup[][] =>
  (hasUser ? ['system', 'user'] : ['system']).map((kind) =>
    groups.filter(
      (group) =>
        group.kind === kind && !isVoid(group) && group.privileges.includes(`${type.toLowerCase()}:${verb}`),
    ),
  );

/** Whether anything of the type is the asker's. */
export const mayAtAll = (asker: Asker, type: string, verb: Verb): boolean =>
  sides(asker, type, verb).every((groups) => groups.length > 0);

const isUnder = (parents: Parents, unit: string, root: string): boolean => {
  const parent = parents.get(unit) ?? null;
  return unit === root || (parent !== null && isUnder(parents, parent, root));
};

/** Whether the group reaches the object, walking up the tree of the asker's municipality from each of its units. */
const reaches = (group: PrivilegeGroup, parents: Parents, { units }: Known): boolean => {
  const said = unitsOf(group);
  return (
    said === null ||
    said.includes('*') ||
    said.some((each) =>
      units.some((unit) =>
        typeof each !== 'string' && each.undertrae
          ? isUnder(parents, unit, each.rod)
          : unit === (typeof each === 'string' ? each : each.rod),
      ),
    )
  );
};

export const may = (asker: Asker, parents: Parents, verb: Verb, known: Known): boolean =>
  (known.owner === asker.owner ||
    (known.owner === COMMON_OWNER && (verb === 'laes' || verb === 'historik'))) &&
  sides(asker, known.type.name, verb).every((groups) =>
    groups.some((group) => reaches(group, parents, known)),
  );

/** Whether a person's guarded member is shown: by a group that reaches persons, who are in no unit. */
export const sees = (asker: Asker, guard: Guard, verb: Verb): boolean =>
  sides(asker, 'Person', verb).every((groups) =>
    groups.some((group) => {
      const said = unitsOf(group);
      const isReaching = said === null || said.includes('*');
      return isReaching && ['*', 'ja'].includes([group.constraints[guard]].flat().join());
    }),
  );
