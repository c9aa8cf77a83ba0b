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
import { inCommand } from './in-command';
import type { KnownObject } from './known-object';
import { addressOf, type Plan, planOf, type PlanState, wrongStep } from './plan';
import { changedSince, planned } from './planned';
import { Registry } from './registry';
import { Undoing } from './undoing';

const AS_IT_IS = { virkning: 'alle', registrering: 'nu' } as const;
/** Faults that a refusal tells; all of them are in the consequences, page by page. */
const MOST_FAULTS = 100;
/** Addresses in one list of the plan. */
const LISTED = 500;

export interface Done {
  readonly uuid: string;
  readonly number: number;
  readonly isNew: boolean;
  /** Registrations that were made beside the plan's own. */
  readonly count: number;
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

  /** @param basis of the consequences that somebody has looked at. @throws Refusal 404, 409, 412, 422, 428 */
  async apply(ask: Ask, uuid: string, ifMatch: number | null, basis: string, note?: string): Promise<Done> {
    const plan = await this.plan(ask, uuid);
    const done = alreadyIn(plan, 'Anvendt', ifMatch);
    if (done) return done;
    if (plan.state !== 'Kladde') throw wrongStep('Planen er fortrudt. Lav en ny.');
    mustLieAhead(plan, 'anvendes');
    const { world, faults } = await planned(new Registry(this.store, ask), plan);
    if (faults.length > 0) throw refused(422, 'plan', 'Planen kan ikke gennemføres. Se fejl.', faults);
    const changed = changedSince(basis, world);
    if (changed)
      throw refused(
        409,
        'grundlag',
        'Det, planen ændrer, er ændret, siden konsekvenserne blev vist. Se dem igen.',
        changed.map((address) => ({ sti: `/${address}`, kode: 'aendret', besked: 'Ændret siden.' })),
      );
    const touched = world.touched;
    const lines = linesOf(touched, note);
    const line = planLine(plan, 'Anvendt', note, touched);
    return this.write(ask, plan, [...lines, line]);
  }

  /** @throws Refusal 404, 409, 412, 422, 428 */
  async undo(ask: Ask, uuid: string, ifMatch: number | null, note?: string): Promise<Done> {
    const plan = await this.plan(ask, uuid);
    const done = alreadyIn(plan, 'Fortrudt', ifMatch);
    if (done) return done;
    if (plan.state !== 'Anvendt') throw wrongStep('Planen er ikke anvendt.');
    mustLieAhead(plan, 'fortrydes');
    const { world, opened, conflicts } = await Undoing.of(new Registry(this.store, ask), plan);
    if (conflicts.length > 0)
      throw refused(
        409,
        'konflikt',
        'Andre har siden ændret det, planen ændrede. Ret det først; se fejl.',
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
    return this.write(ask, plan, [...lines, ...deletions, planLine(plan, 'Fortrudt', note)]);
  }

  /** Tries what applying the plan would write, and writes nothing. */
  async tried(ask: Ask, plan: Plan, touched: readonly KnownObject[]): Promise<Fault[]> {
    const items = [...linesOf(touched, undefined), planLine(plan, 'Anvendt', undefined, touched)];
    const results = await this.store.bulk(inCommand(ask), items, { atomic: true, validateOnly: true });
    return faultsIn(items, results);
  }

  private async write(ask: Ask, { uuid, number }: Plan, items: readonly BulkItem[]): Promise<Done> {
    const results = await this.store.bulk(inCommand(ask), items, { atomic: true });
    const bad = results.filter(({ outcome }) => outcome === 'afvist');
    if (bad.length === 0) return { uuid, number: number + 1, isNew: true, count: items.length - 1 };
    const fejl = faultsIn(items, results);
    const statuses = new Set(bad.map(({ status }) => status));
    if (statuses.has(403))
      throw refused(403, 'ingen_rettighed', 'Aftalen giver ikke ret til det hele. Se fejl.', fejl);
    if (statuses.has(412))
      throw refused(409, 'aendret', 'Noget blev ændret imens. Se konsekvenserne igen, og prøv igen.', fejl);
    throw refused(422, 'regler', 'Det bryder regler. Intet er ændret; se fejl.', fejl);
  }
}

/** The same command again has done what it was to do; else the plan must be as it was read. */
function alreadyIn({ uuid, number, state }: Plan, wanted: PlanState, ifMatch: number | null): Done | null {
  if (ifMatch === null)
    throw new Refusal(428, 'if_match_mangler', 'Send If-Match med den ETag, du sidst har læst.');
  const isDone = state === wanted;
  if (isDone && (ifMatch === number || ifMatch === number - 1))
    return { uuid, number, isNew: false, count: 0 };
  if (ifMatch !== number)
    throw new Refusal(412, 'foraeldet', 'Planen er ændret, siden du læste den. Læs igen og prøv igen.', {
      headers: { ETag: `"${number}"` },
    });
  return null;
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
