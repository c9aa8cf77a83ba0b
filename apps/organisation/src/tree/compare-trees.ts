import {
  fieldsOf,
  type Member,
  memberKey,
  type OrganisationTree,
  type Task,
  taskKey,
  type TreeUnit,
  type UnitFields,
} from './organisation-tree';
import type { TreeChange } from './tree-change';

/** What is otherwise in the second tree: unit by unit in the order of their names. `applyChanges` is its inverse. */
export function compareTrees(before: OrganisationTree, after: OrganisationTree): TreeChange[] {
  const units = [...after.values(), ...[...before.values()].filter(({ uuid }) => !after.has(uuid))];
  return units
    .sort(byName)
    .flatMap(({ uuid }) => [...changesOf(uuid, before.get(uuid) ?? null, after.get(uuid) ?? null)]);
}

const danish = new Intl.Collator('da');
const byName = (a: TreeUnit, b: TreeUnit): number =>
  danish.compare(a.navn, b.navn) || (a.uuid < b.uuid ? -1 : 1);

function* changesOf(enhed: string, before: TreeUnit | null, after: TreeUnit | null): Generator<TreeChange> {
  if (!before && after) yield { slags: 'Oprettet', enhed, nu: fieldsOf(after) };
  if (before && after) yield* ownChanges(enhed, before, after);
  yield* taskChanges(enhed, before?.opgaver ?? [], after?.opgaver ?? []);
  yield* memberChanges(enhed, before?.medlemmer ?? [], after?.medlemmer ?? []);
  if (before && !after) yield { slags: 'Lukket', enhed, foer: fieldsOf(before) };
}

function* ownChanges(enhed: string, before: UnitFields, after: UnitFields): Generator<TreeChange> {
  if (before.navn !== after.navn || before.brugervendtNoegle !== after.brugervendtNoegle)
    yield { slags: 'Omdoebt', enhed, foer: nameOf(before), nu: nameOf(after) };
  if (before.enhedstype !== after.enhedstype)
    yield { slags: 'TypeAendret', enhed, foer: before.enhedstype, nu: after.enhedstype };
  if (before.overordnet !== after.overordnet)
    yield { slags: 'Flyttet', enhed, foer: before.overordnet, nu: after.overordnet };
}

const nameOf = ({ navn, brugervendtNoegle }: UnitFields) => ({ navn, brugervendtNoegle });

const keyed = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T> =>
  new Map(items.map((item) => [keyOf(item), item]));

function* taskChanges(enhed: string, before: readonly Task[], after: readonly Task[]): Generator<TreeChange> {
  const [then, now] = [keyed(before, taskKey), keyed(after, taskKey)];
  // Another number of the same Klasse is another task: what is looked up is the number.
  const isIn = (tasks: Map<string, Task>, task: Task): boolean =>
    tasks.get(taskKey(task))?.kleNummer === task.kleNummer;
  for (const opgave of then.values()) if (!isIn(now, opgave)) yield { slags: 'OpgaveFjernet', enhed, opgave };
  for (const opgave of now.values())
    if (!isIn(then, opgave)) yield { slags: 'OpgaveTilfoejet', enhed, opgave };
}

function* memberChanges(
  enhed: string,
  before: readonly Member[],
  after: readonly Member[],
): Generator<TreeChange> {
  const [then, now] = [keyed(before, memberKey), keyed(after, memberKey)];
  for (const [key, medlem] of then) if (!now.has(key)) yield { slags: 'MedlemFjernet', enhed, medlem };
  for (const [key, foer] of then) {
    const nu = now.get(key);
    if (nu && (nu.titel !== foer.titel || nu.funktionstype !== foer.funktionstype))
      yield { slags: 'MedlemAendret', enhed, foer, nu };
  }
  for (const [key, medlem] of now) if (!then.has(key)) yield { slags: 'MedlemTilfoejet', enhed, medlem };
}
