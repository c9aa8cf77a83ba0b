import { OrganisationEnhed, OrganisationFunktion } from '@stoettesystemer/model';
import type { Fault, Instant, Period } from '@stoettesystemer/object';
import { closeTogether, type Closing } from './closing';
import { KnownObject } from './known-object';
import { markOf, type Plan, type Step } from './plan';
import { leanOn, repoint } from './repoint';
import type { Item } from './span';
import { from, isEverInactive, type World } from './world';

/** Takes the steps of a plan on the objects that they are about. What a step cannot do is a fault, and it does nothing. */
export class Planner {
  readonly faults: Fault[] = [];
  private readonly mark: Item;

  constructor(
    private readonly plan: Plan,
    private readonly world: World,
  ) {
    this.mark = markOf(plan.uuid);
  }

  /** The steps of one moment; a later moment is taken after an earlier one. */
  take(at: Instant): void {
    const steps = this.plan.steps.filter((step) => step.at === at);
    const opening = new Set(steps.filter(({ handling }) => handling === 'Opret'));
    for (const step of steps) this.step(step, opening);
    this.close(
      at,
      steps.filter(({ handling }) => handling === 'Luk'),
    );
  }

  private fault({ sti }: Step, member: string, kode: string, besked: string): null {
    this.faults.push({ sti: `${sti}/${member}`, kode, besked });
    return null;
  }

  private step(step: Step, opening: Set<Step>): void {
    switch (step.handling) {
      case 'Opret':
        return this.open(step, opening);
      case 'Flyt':
        return this.move(step);
      case 'Overfoer':
        return this.handOver(step);
      case 'Omdoeb':
        return this.rename(step);
      case 'Luk':
        return;
    }
  }

  /** A unit that is there and in use then; one that is to be pointed at, for good. */
  private unit(
    step: Step,
    member: 'enhed' | 'overordnet' | 'modtager' | 'opgavemodtager',
  ): KnownObject | null {
    const uuid = step[member];
    if (!uuid) return this.fault(step, member, 'paakraevet', `${step.handling} skal have ${member}.`);
    const unit = this.world.unit(uuid);
    if (!unit) return this.fault(step, member, 'findes_ikke', 'Enheden findes ikke.');
    if (!unit.valueAt('egenskaber', step.at))
      return this.fault(step, member, 'ikke_der', 'Enheden findes ikke på det tidspunkt.');
    const until = member === 'enhed' ? step.at + 1n : null;
    if (isEverInactive(unit, { from: step.at, to: until }))
      return this.fault(step, member, 'lukket', 'Enheden er lukket eller bliver det.');
    return unit;
  }

  /** The unit above may be opened at the same time; it is opened first. */
  private open(step: Step, opening: Set<Step>): void {
    if (!opening.delete(step)) return;
    const first = [...opening].find(({ enhed }) => enhed === step.overordnet);
    if (first) this.open(first, opening);
    const { enhed, at, navn, brugervendtNoegle, enhedstype } = step;
    if (this.world.unit(enhed))
      return void this.fault(step, 'enhed', 'findes', 'Der er allerede en enhed med den UUID.');
    if (!navn) return void this.fault(step, 'navn', 'paakraevet', 'En ny enhed skal have et navn.');
    const parent = this.unit(step, 'overordnet');
    if (!parent) return;
    const unit = KnownObject.fresh(OrganisationEnhed, enhed);
    const say = (facet: string, value: Item, period: Period = from(at)) =>
      unit.say(facet, { period, value, about: this.mark });
    say('egenskaber', { brugervendtNoegle: brugervendtNoegle || navn, enhedNavn: navn });
    say('gyldighed', { vaerdi: 'Aktiv' });
    say('overordnet', { reference: { uuid: parent.uuid } });
    if (enhedstype) say('enhedstype', { reference: { uuid: enhedstype } });
    // A unit is of the organisation that the unit above it is of.
    for (const { period, value } of parent.now('tilhoerer', '', from(at))) say('tilhoerer', value!, period);
    this.world.add(unit);
  }

  private move(step: Step): void {
    const unit = this.unit(step, 'enhed');
    const parent = this.unit(step, 'overordnet');
    if (!unit || !parent) return;
    const value = { reference: { uuid: parent.uuid } };
    unit.say('overordnet', { period: from(step.at), value, about: this.mark });
  }

  private rename(step: Step): void {
    const { at, navn, brugervendtNoegle } = step;
    const unit = this.unit(step, 'enhed');
    if (!unit) return;
    if (!navn && !brugervendtNoegle)
      return void this.fault(step, 'navn', 'paakraevet', 'Omdoeb skal have et navn eller en nøgle.');
    const members = {
      ...(navn ? { enhedNavn: navn } : {}),
      ...(brugervendtNoegle ? { brugervendtNoegle } : {}),
    };
    for (const { period, value } of unit.now('egenskaber', '', from(at)))
      unit.say('egenskaber', { period, value: { ...value, ...members }, about: this.mark });
  }

  private handOver(step: Step): void {
    const { enhed, funktion, at } = step;
    if (!funktion) return void this.fault(step, 'funktion', 'paakraevet', 'Overfoer skal have en funktion.');
    const object = this.world.get(funktion, OrganisationFunktion.name);
    if (!object) return void this.fault(step, 'funktion', 'findes_ikke', 'Funktionen findes ikke.');
    const receiver = this.unit(step, 'modtager');
    if (!receiver) return;
    const [facet, key] = ['tilknyttedeEnheder', `|${enhed}`];
    const spans = object.now(facet, key, from(at));
    if (spans.length === 0)
      return void this.fault(step, 'enhed', 'ikke_der', 'Funktionen har ikke med enheden at gøre da.');
    for (const span of spans) repoint({ object, facet, key, span }, receiver.uuid, this.mark);
    leanOn(object, facet, from(at), this.mark);
  }

  private close(at: Instant, steps: readonly Step[]): void {
    const closing = new Map<string, Step>();
    for (const step of steps) {
      const unit = this.unit(step, 'enhed');
      if (!unit) continue;
      if (closing.has(unit.uuid)) this.fault(step, 'enhed', 'gentaget', 'Enheden lukkes to gange.');
      else closing.set(unit.uuid, step);
    }
    const closings = [...closing.values()].map((step): Closing => {
      const receiver = this.receiver(step, closing, 'modtager');
      const heir = step.opgavemodtager ? this.receiver(step, closing, 'opgavemodtager') : receiver;
      return { unit: this.world.unit(step.enhed)!, receiver, heir };
    });
    closeTogether(this.world, closings, at, this.mark);
  }

  /** Who takes over in the end: whoever was to may itself be closed then. */
  private receiver(
    step: Step,
    closing: ReadonlyMap<string, Step>,
    member: 'modtager' | 'opgavemodtager',
  ): KnownObject | null {
    if (!step[member]) return null;
    const passed = new Set([step.enhed]);
    let last = step;
    let role = member;
    for (let next = closing.get(step[member]!); next; next = closing.get(last[role] ?? '')) {
      if (passed.has(next.enhed))
        return this.fault(step, member, 'ring', 'Enhederne lukkes og overtager hinandens.');
      passed.add(next.enhed);
      last = next;
      role = member === 'opgavemodtager' && last.opgavemodtager ? 'opgavemodtager' : 'modtager';
    }
    if (!last[role]) return this.fault(step, member, 'lukket', 'Enheden lukkes selv uden en modtager.');
    return this.unit({ ...last, sti: step.sti }, role);
  }
}
