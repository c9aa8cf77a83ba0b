import type { FacetItem, Rule } from '@stoettesystemer/engine';
import { organisationTypes } from '@stoettesystemer/model';
import {
  type Declaration,
  type Fault,
  now,
  parseInstant,
  period as p,
  type Period,
  type Reference,
  Refusal,
} from '@stoettesystemer/object';
import { nameOf as endOf } from '../rules/ending.rule';

/** Every relation by which an object of the type can be pointed at, from others than these. */
const pointersAt = ({ name }: Declaration, besides: readonly Declaration[]) =>
  (organisationTypes as readonly Declaration[]).flatMap((type) =>
    besides.includes(type)
      ? []
      : Object.entries(type.relations).flatMap(([relation, { targets, search }]) =>
          search && targets.includes(name) ? [[type.name, relation] as const] : [],
        ),
  );

const periodOf = ({ virkning: { fra, til } }: FacetItem): Period => ({
  from: parseInstant(fra)!,
  to: til ? parseInstant(til) : null,
});
const pointsAt = (item: FacetItem, uuid: string): boolean => {
  const reference = item['reference'] as Reference;
  return 'uuid' in reference && reference.uuid === uuid;
};

/** Whether something is left of the periods, from a moment on, outside the others. */
const isLeft = (periods: readonly Period[], others: readonly Period[], from: Period): boolean =>
  periods.some((period) => {
    const shared = p.intersection(period, from);
    const left = others.reduce(
      (rest, other) => rest.flatMap((each) => p.minus(each, other)),
      shared ? [shared] : [],
    );
    return left.length > 0;
  });

/**
 * What an object says may be taken away for good when nothing that is in use points at it, now or later: what has ended
 * may have pointed at it. Who they are is for a search to tell, which shows the one who asks no more than is theirs to see.
 * @param besides types that may go on pointing at it
 */
export function unused(type: Declaration, besides: readonly Declaration[] = []): Rule {
  const by = pointersAt(type, besides);
  return {
    types: [type.name],
    facets: [],
    async check({ uuid, pointing, look, hold }) {
      // As by any end, whoever is about to point at it waits, or is waited for.
      await hold(endOf(uuid), 'alone');
      const later: Period = { from: now(), to: null };
      const found = new Map<string, Fault>();
      for (const [name, relation] of by) {
        if (found.has(`${name} ${relation}`)) continue;
        for (const { uuid: other } of await pointing(uuid, { by: [[name, relation]], during: later })) {
          const items = await look(name, other, [relation, 'gyldighed']);
          const pointingItems = (items?.[relation] ?? []).filter((item) => pointsAt(item, uuid));
          const ended = (items?.['gyldighed'] ?? []).filter(({ vaerdi }) => vaerdi === 'Inaktiv');
          if (!isLeft(pointingItems.map(periodOf), ended.map(periodOf), later)) continue;
          const besked = `${name} peger på objektet med ${relation}. Søg på den for at se hvilke.`;
          found.set(`${name} ${relation}`, { sti: '', kode: 'i_brug', besked });
          break;
        }
      }
      if (found.size === 0) return;
      const detail = 'Andre peger på objektet. Afslut det først; fejl siger, hvad der peger.';
      throw new Refusal(422, 'i_brug', detail, { fejl: [...found.values()] });
    },
  };
}
