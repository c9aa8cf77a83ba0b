import { FUNCTION_TYPES, OrganisationFunktion } from '@stoettesystemer/model';
import { type Instant, keyOf, type Reference } from '@stoettesystemer/object';
import type { DirectoryView } from '../directory/directory-view';
import { compareTrees } from '../tree/compare-trees';
import type { OrganisationTree } from '../tree/organisation-tree';
import type { TreeChange } from '../tree/tree-change';
import type { SideEffect } from './consequence';
import { Descent } from './descent';
import { type KnownObject, referenceIn } from './known-object';
import type { PlannedDirectory } from './planned-directory';
import { subtreeChanges } from './subtree-changes';
import { from, isAt, isInactive, type World } from './world';

const PLACES: ReadonlySet<unknown> = new Set([
  FUNCTION_TYPES.henvendelsessted,
  FUNCTION_TYPES.udbetalendeEnhed,
]);

/** What the steps of one moment bring about, on top of the steps before them. */
export function* momentEffects(
  at: Instant,
  world: World,
  directory: PlannedDirectory,
): Generator<TreeChange | SideEffect> {
  const then = directory.at(at);
  const before = then.tree();
  const used = new Map([...before.keys()].map((uuid) => [uuid, placesUsedBy(then, uuid)]));
  const touched = world.touched;
  for (const object of touched) directory.take(object);
  const after = directory.at(at).tree();
  const descent = new Descent(after);
  const changes = compareTrees(before, after);
  yield* changes;
  for (const change of changes) {
    if (change.slags === 'Flyttet')
      yield {
        slags: 'MedlemmerFoelger',
        enhed: change.enhed,
        antalMedlemmer: membersIn(after, [change.enhed, ...descent.under(change.enhed)]),
      };
    if (change.slags === 'Lukket')
      for (const place of used.get(change.enhed) ?? [])
        yield { slags: 'StedBrugesIkke', enhed: change.enhed, ...place };
  }
  const closed = new Set(changes.flatMap(({ slags, enhed }) => (slags === 'Lukket' ? [enhed] : [])));
  yield* leftIn(world, closed, at);
  for (const object of touched) yield* movedPlace(object, at, before, after);
  for (const change of subtreeChanges(before, after)) yield { slags: 'UndertraeAendret', ...change };
}

const placesUsedBy = (view: DirectoryView, unit: string) =>
  (view.unit(unit)?.functions ?? []).flatMap((funktion) => {
    const type = view.function(funktion)?.[1].type;
    return type && PLACES.has(type) ? [{ funktion, funktionstype: type }] : [];
  });

/** Everybody in the units, each once. */
function membersIn(tree: OrganisationTree, units: Iterable<string>): number {
  const users = [...units].flatMap((uuid) => tree.get(uuid)?.medlemmer.map(({ bruger }) => bruger) ?? []);
  return new Set(users.filter((bruger) => bruger !== null)).size;
}

/** What still has to do with a unit that is closed. */
function* leftIn(world: World, closed: ReadonlySet<string>, at: Instant): Generator<SideEffect> {
  for (const [enhed, pointers] of world.pointers(closed, from(at)))
    for (const { object, facet, span } of pointers)
      if (!closed.has(object.uuid) && !isInactive(object, span.period))
        yield {
          slags: 'UdenModtager',
          enhed,
          objekttype: object.type.name,
          objekt: object.uuid,
          relation: facet,
        };
  for (const enhed of closed)
    for (const { value } of world.unit(enhed)?.all('opgaver', from(at)) ?? []) {
      const {
        rolle = '',
        reference,
        kleNummer = null,
      } = value as { rolle?: string; reference: Reference; kleNummer?: string };
      yield { slags: 'OpgaveUdenModtager', enhed, opgave: { rolle, klasse: keyOf(reference), kleNummer } };
    }
}

function* movedPlace(
  object: KnownObject,
  at: Instant,
  before: OrganisationTree,
  after: OrganisationTree,
): Generator<SideEffect> {
  const type = referenceIn(object.valueAt('funktionstype', at));
  if (object.type.name !== OrganisationFunktion.name || type === null || !PLACES.has(type)) return;
  const facet = 'tilknyttedeEnheder';
  const was = object.places.flatMap((place) => (place.facet === facet ? object.held(facet, place.key) : []));
  const foer = referenceIn(was.find((span) => isAt(span, at))?.value ?? null);
  const nu = referenceIn(object.valueAt(facet, at));
  if (foer !== null && nu !== null && foer !== nu && before.has(foer) && after.has(nu))
    yield { slags: 'StedFlytter', funktion: object.uuid, funktionstype: type, foer, nu };
}
