import { Injectable } from '@nestjs/common';
import { type Ask, type BulkItem, type BulkResult, ObjectStore } from '@stoettesystemer/engine';
import { Omorganisering, organisationTypes } from '@stoettesystemer/model';
import {
  type Declaration,
  type Fault,
  formatInstant,
  type Instant,
  now,
  Refusal,
} from '@stoettesystemer/object';
import type { ApplyWish, UndoWish } from './command-shape';
import { inCommand } from './in-command';
import type { KnownObject } from './known-object';
import { addressOf, type Plan, planOf, type PlanState, wrongStep } from './plan';
import { changedSince, planned } from './planned';
import { Registry } from './registry';
import { CHANGED, Undoing } from './undoing';

const AS_IT_IS = { virkning: 'alle', registrering: 'nu' } as const;
/** Faults that a refusal tells; all of them are in the consequences, page by page. */
const MOST_FAULTS = 100;
/** Addresses in one list of the plan. */
const LISTED = 500;

export interface Done {
  readonly uuid: string;
  /** False where it was done already. */
  readonly isNew: boolean;
}

const refused = (status: number, kode: string, detail: string, fejl: readonly Fault[]): Refusal =>
  new Refusal(status, kode, detail, { fejl: fejl.slice(0, MOST_FAULTS) });

const pathOf = (name: string): string =>
  (organisationTypes as readonly Declaration[]).find((type) => type.name === name)!.path;

/** What is wrong with the lines of a set, each at its object. */
export const faultsIn = (items: readonly BulkItem[], results: readonly BulkResult[]): Fault[] =>
  results.flatMap(({ fejl = [] }, at) =>
    fejl.map((fault) => ({ ...fault, sti: `/${pathOf(items[at]!.type)}/${items[at]!.uuid!}${fault.sti}` })),
  );

/** Carries plans out, and takes them back: each as one set of registrations, the plan's own among them. */
@Injectable()
export class ReorganisationDesk {
  constructor(private readonly store: ObjectStore) {}

  /** @throws Refusal 404 */
  async plan(ask: Ask, uuid: string): Promise<Plan> {
    return planOf((await this.store.read(ask, Omorganisering, uuid, AS_IT_IS)).body);
  }

  /** @throws Refusal 404, 409, 412, 422, 428 */
  apply(ask: Ask, uuid: string, ifMatch: number | null, wish: ApplyWish): Promise<Done> {
    return this.once(ask, uuid, ifMatch, 'Anvendt', async (plan) => {
      if (plan.state !== 'Kladde') throw wrongStep('Planen er fortrudt. Lav en ny.');
      mustLieAhead(plan, 'anvendes');
      await this.carryOut(ask, plan, wish);
    });
  }

  /** @throws Refusal 404, 409, 412, 422, 428 */
  undo(ask: Ask, uuid: string, ifMatch: number | null, wish: UndoWish): Promise<Done> {
    return this.once(ask, uuid, ifMatch, 'Fortrudt', async (plan) => {
      if (plan.state !== 'Anvendt') throw wrongStep('Planen er ikke anvendt.');
      mustLieAhead(plan, 'fortrydes');
      await this.takeBack(ask, plan, wish);
    });
  }

  /** The same command again has done what it was to do, also where it was first while this one was under way. */
  private async once(
    ask: Ask,
    uuid: string,
    ifMatch: number | null,
    wanted: PlanState,
    command: (plan: Plan) => Promise<void>,
  ): Promise<Done> {
    const plan = await this.plan(ask, uuid);
    if (isDone(plan, wanted, ifMatch)) return { uuid, isNew: false };
    try {
      await command(plan);
      return { uuid, isNew: true };
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      const meanwhile = await this.plan(ask, uuid);
      if (meanwhile.state !== wanted || meanwhile.number !== plan.number + 1) throw cause;
      return { uuid, isNew: false };
    }
  }

  private async carryOut(ask: Ask, plan: Plan, wish: ApplyWish): Promise<void> {
    const { world, faults } = await planned(new Registry(this.store, ask), plan);
    if (faults.length > 0) throw refused(422, 'plan', 'Planen kan ikke gennemføres. Se fejl.', faults);
    const changed = changedSince(wish.grundlag, world);
    if (changed)
      throw refused(
        409,
        'grundlag',
        'Det, planen ændrer, er ændret, siden konsekvenserne blev vist. Se dem igen.',
        changed.map((address) => ({ sti: `/${address}`, kode: 'aendret', besked: 'Ændret siden.' })),
      );
    const touched = world.touched;
    const note = wish.note ?? undefined;
    await this.write(ask, [...linesOf(touched, note), planLine(plan, 'Anvendt', note, touched)]);
  }

  private async takeBack(ask: Ask, plan: Plan, wish: UndoWish): Promise<void> {
    const undone = await Undoing.of(new Registry(this.store, ask), plan);
    const { world, opened } = undone;
    const conflicts = undone.conflicts.filter(({ kode }) => !wish.beholdSenere || kode !== CHANGED);
    const note = wish.note ?? undefined;
    if (conflicts.length > 0)
      throw refused(
        409,
        'konflikt',
        'Andre har siden ændret det, planen ændrede. Ret det først, eller behold det; se fejl.',
        conflicts,
      );
    const lines = linesOf(world.touched, note);
    const deletions = opened.map(({ type, uuid: unit, number }): BulkItem => ({
      line: 0,
      type: type.name,
      uuid: unit,
      how: 'slet',
      ifMatch: number,
      input: note === undefined ? {} : { note },
    }));
    await this.write(ask, [...lines, ...deletions, planLine(plan, 'Fortrudt', note)]);
  }

  /** Tries what applying the plan would write, and writes nothing. */
  async tried(ask: Ask, plan: Plan, touched: readonly KnownObject[]): Promise<Fault[]> {
    const items = [...linesOf(touched, undefined), planLine(plan, 'Anvendt', undefined, touched)];
    const results = await this.store.bulk(inCommand(ask), items, { atomic: true, validateOnly: true });
    return faultsIn(items, results);
  }

  private async write(ask: Ask, items: readonly BulkItem[]): Promise<void> {
    const results = await this.store.bulk(inCommand(ask), items, { atomic: true });
    const bad = results.filter(({ outcome }) => outcome === 'afvist');
    if (bad.length === 0) return;
    const fejl = faultsIn(items, results);
    const statuses = new Set(bad.map(({ status }) => status));
    if (statuses.has(403))
      throw refused(403, 'ingen_rettighed', 'Aftalen giver ikke ret til det hele. Se fejl.', fejl);
    if (statuses.has(412))
      throw refused(409, 'aendret', 'Noget blev ændret imens. Se konsekvenserne igen, og prøv igen.', fejl);
    throw refused(422, 'regler', 'Det bryder regler. Intet er ændret; se fejl.', fejl);
  }
}

/** Whether the plan is there already, by the command that was made from that registration. @throws Refusal 412, 428 */
function isDone({ number, state }: Plan, wanted: PlanState, ifMatch: number | null): boolean {
  if (ifMatch === null)
    throw new Refusal(428, 'if_match_mangler', 'Send If-Match med den ETag, du sidst har læst.');
  if (state === wanted && (ifMatch === number || ifMatch === number - 1)) return true;
  if (ifMatch !== number)
    throw new Refusal(412, 'foraeldet', 'Planen er ændret, siden du læste den. Læs igen og prøv igen.', {
      headers: { ETag: `"${number}"` },
    });
  return false;
}

function mustLieAhead({ at }: Plan, verb: string): void {
  if (at <= now())
    throw new Refusal(409, 'i_kraft', `Planens ikrafttræden er nået; den kan ikke længere ${verb}.`);
}

const linesOf = (objects: readonly KnownObject[], note?: string): BulkItem[] =>
  objects.map((object, at) => object.line(at + 1, note));

const holdingFrom = (at: Instant) => ({ virkning: { fra: formatInstant(at) } });

/** The plan's own registration, with the addresses of the others. */
function planLine(
  { uuid, number }: Plan,
  state: PlanState,
  note: string | undefined,
  touched: readonly KnownObject[] = [],
): BulkItem {
  const moment = now();
  const addresses = touched.map(({ type, uuid: object, number: former, isFresh }) =>
    addressOf(type, object, isFresh ? 0 : former + 1),
  );
  const lists = Array.from({ length: Math.ceil(addresses.length / LISTED) }, (_, at) => ({
    ...holdingFrom(moment),
    id: `${at + 1}`,
    objekter: addresses.slice(at * LISTED, (at + 1) * LISTED),
  }));
  return {
    line: 0,
    type: Omorganisering.name,
    uuid,
    how: 'ret',
    ifMatch: number,
    input: {
      ...(note === undefined ? {} : { note }),
      ...(lists.length > 0 ? { attributter: { registreret: lists } } : {}),
      tilstande: { status: [{ ...holdingFrom(moment), vaerdi: state }] },
    },
  };
}
