import type { Change, FacetItems, Rule } from '@stoettesystemer/engine';
import { invalid, now, Refusal } from '@stoettesystemer/object';
import { edgesOf, periodOf, sliceAt, targetOf, textOf } from '../periods';
import { receiverOf } from '../receiver';
import { useOf } from './in-use.rule';

/** What each status may become; '' is none. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  '': ['', 'Anmodet'],
  Anmodet: ['Anmodet', 'Accepteret', 'Afvist', 'Ophaevet', ''],
  Accepteret: ['Accepteret', 'Ophaevet', ''],
  Afvist: ['Afvist', ''],
  Ophaevet: ['Ophaevet', ''],
};
/** Only the receiver's to say. */
const ANSWERS = new Set(['Accepteret', 'Afvist']);

const valuesOf = (items: FacetItems, facet: string, member: string): string[] => [
  ...new Set((items[facet] ?? []).flatMap((item) => textOf(item, member) ?? [])),
];
const rolesOf = (items: FacetItems): string[] => [
  ...new Set((items['jobfunktionsrolle'] ?? []).map((item) => targetOf(item) ?? '')),
];
const statusOf = (slice: FacetItems): string => textOf(slice['status']?.[0], 'vaerdi') ?? '';

/** A delegation is of one role to one other organisation, which must say yes; either of the two may end it. */
export const delegation: Rule = {
  types: ['Delegation'],
  facets: ['egenskaber', 'status', 'jobfunktionsrolle'],
  async check(change: Change) {
    const { action, before, after, caller } = change;
    if (action === 'passiver' || action === 'slet') return;
    const receivers = new Set([before, after].flatMap((each) => valuesOf(each, 'egenskaber', 'modtagerCvr')));
    if (receivers.size > 1)
      throw invalid(
        'modtager',
        '/attributter/egenskaber',
        'Modtageren kan ikke ændres. Lav en ny delegation.',
      );
    const [receiver = ''] = receivers;
    if (receiver === caller.owner)
      throw invalid('modtager', '/attributter/egenskaber', 'En myndighed delegerer ikke til sig selv.');
    const isReceiver = receiverOf(caller) === receiver;
    for (const at of edgesOf(before, after))
      judgeStep(statusOf(sliceAt(before, at)), statusOf(sliceAt(after, at)), isReceiver);
    if (!isReceiver) await judgeRole(change);
  },
};

function judgeStep(was: string, is: string, isReceiver: boolean): void {
  if (was === is) return;
  const sti = '/tilstande/status';
  if (was === 'Anmodet' && ANSWERS.has(is) && !isReceiver)
    throw new Refusal(403, 'modtager', 'Kun modtageren kan sige ja eller nej til delegationen.');
  if (!NEXT[was]!.includes(is))
    throw invalid('trin', sti, `En delegation kan ikke gå fra ${was || 'intet'} til ${is || 'intet'}.`);
}

async function judgeRole({ action, before, after, caller, look, find, hold }: Change): Promise<void> {
  const [role = '', ...others] = new Set([...rolesOf(before), ...rolesOf(after)]);
  const sti = '/relationer/jobfunktionsrolle';
  if (others.length > 0) throw invalid('rolle', sti, 'Rollen kan ikke ændres. Lav en ny delegation.');
  if (action === 'ret') return;
  await hold(useOf(role), 'shared');
  const found = await look('Jobfunktionsrolle', role, ['egenskaber', 'afgraensning']);
  const [entityId = ''] = found ? valuesOf(found, 'egenskaber', 'entityId') : [];
  const named = found ? await find('Jobfunktionsrolle', 'egenskaber.entityId', entityId) : [];
  if (!found || !named.some(({ uuid, owner }) => uuid === role && owner === caller.owner))
    throw invalid('rolle', sti, 'Jobfunktionsrollen findes ikke hos jer.');
  const present = now();
  const isDynamic = (found['afgraensning'] ?? []).some((item) => {
    const { to } = periodOf(item);
    return item['dynamisk'] === true && (to === null || to > present);
  });
  if (isDynamic) throw invalid('dynamisk', sti, 'En rolle med dynamiske afgrænsninger kan ikke delegeres.');
}
