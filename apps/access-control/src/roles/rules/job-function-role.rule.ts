import type { Change, Rule } from '@stoettesystemer/engine';
import { invalid, now, Refusal } from '@stoettesystemer/object';
import { Catalogue } from '../catalogue';
import { isOpenDelegation } from '../open-delegation';
import { edgesOf, isSame, newItems, periodOf, sliceAt, textOf } from '../periods';
import { OUTSIDE, roleFaults, roleSizeFault } from '../role-faults';
import { useOf } from './in-use.rule';

const CONTENT = ['rolle', 'afgraensning'];

/** A jobfunktionsrolle is made of what there is, within what its vendor allows, from now on; what is past stays as it was. */
export const jobFunctionRole: Rule = {
  types: ['Jobfunktionsrolle'],
  facets: CONTENT,
  async check(change: Change) {
    const { action, before, after, caller, hold } = change;
    if (action === 'passiver' || action === 'slet') return;
    refuseStray(change);
    const present = now();
    const moments = [present, ...edgesOf(after).filter((edge) => edge > present)];
    for (const at of moments) {
      const slice = sliceAt(after, at);
      if (action === 'ret' && isSame(slice, sliceAt(before, at), CONTENT)) continue;
      for (const item of slice['rolle'] ?? [])
        await hold(useOf((textOf(item, 'brugersystemrolle') ?? '').toLowerCase()), 'shared');
      const catalogue = new Catalogue(change, at);
      const faults = await roleFaults(slice, catalogue, caller.owner);
      const [first] = faults;
      if (!first) {
        const tooLarge = await roleSizeFault(slice, catalogue, caller.owner);
        if (tooLarge !== null) throw invalid('token_for_stort', '/attributter/afgraensning', tooLarge);
        continue;
      }
      const fejl = faults.map(({ sti, kode, besked }) => ({ sti, kode, besked }));
      const outside = faults.find(({ kode }) => kode === OUTSIDE);
      throw new Refusal(outside ? 403 : 422, (outside ?? first).kode, (outside ?? first).besked, { fejl });
    }
    await refuseDynamicDelegated(change);
  },
};

/** A restriction of a role that never was restricts nothing, and the one that it was meant for would have none. */
function refuseStray(change: Change): void {
  const known = new Set((change.after['rolle'] ?? []).map((item) => textOf(item, 'id')));
  const stray = newItems(change, 'afgraensning').find((item) => !known.has(textOf(item, 'rolleId')));
  if (!stray) return;
  const besked = `rolleId ${textOf(stray, 'rolleId')} er ikke id på nogen rolle.`;
  throw invalid('rolle_ukendt', '/attributter/afgraensning', besked);
}

/** Who has the role by delegation is not known to the municipality's IdP, which could not fill a value in. */
async function refuseDynamicDelegated(change: Change): Promise<void> {
  const isDynamic = newItems(change, 'afgraensning').some(
    (item) => item['dynamisk'] === true && isAhead(periodOf(item).to),
  );
  if (!isDynamic) return;
  for (const { uuid } of await change.find('Delegation', 'jobfunktionsrolle', change.uuid))
    if (await isOpenDelegation(change, uuid))
      throw invalid(
        'delegeret',
        '/attributter/afgraensning',
        'Rollen er delegeret og kan ikke afgrænses dynamisk.',
      );
}

const isAhead = (to: bigint | null): boolean => to === null || to > now();
