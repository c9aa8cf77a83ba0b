import { Injectable } from '@nestjs/common';
import { auditRow } from '@stoettesystemer/access';
import { type Ask, type FacetItems, ObjectStore, type Written } from '@stoettesystemer/engine';
import { Delegation, Jobfunktionsrolle } from '@stoettesystemer/model';
import { notFound, now, Refusal } from '@stoettesystemer/object';
import { Database } from '@stoettesystemer/postgres';
import { OPEN_DELEGATION } from './open-delegation';
import { holdingAt, targetOf, textOf } from './periods';
import { actingAt } from './receiver';
import { stepped } from './status-step';
import { facetsOf } from './store-sight';

const AS_IT_IS = { virkning: 'alle', registrering: 'nu' } as const;
const PRESENT = { virkning: 'nu', registrering: 'nu' } as const;

export const STEPS = {
  accepter: { was: ['Anmodet'], to: 'Accepteret' },
  afvis: { was: ['Anmodet'], to: 'Afvist' },
  ophaev: { was: ['Anmodet', 'Accepteret'], to: 'Ophaevet' },
} as const;
export type Step = keyof typeof STEPS;

/** A delegation from another municipality, and the role as that municipality has it; objects as JSON text. */
export interface Received {
  readonly ejer: string;
  readonly status: string;
  readonly delegation: string;
  /** Null where the receiver has nothing to do with it now. */
  readonly jobfunktionsrolle: string | null;
}

/** Delegations to the caller's municipality, which are other municipalities' objects. */
@Injectable()
export class ReceivedDelegations {
  constructor(
    private readonly store: ObjectStore,
    private readonly database: Database,
  ) {}

  async all(ask: Ask): Promise<Received[]> {
    const received: Received[] = [];
    for (const { owner, uuid } of await this.places(ask)) received.push(await this.read(ask, owner, uuid));
    return received;
  }

  /** @throws Refusal 404 where there is no such delegation to the caller; 409, 412, 428 */
  async step(
    ask: Ask,
    { owner, uuid }: { owner: string; uuid: string },
    step: Step,
    ifMatch: number | null,
    note?: string,
  ): Promise<Written> {
    const places = await this.places(ask);
    if (!places.some((place) => place.owner === owner && place.uuid === uuid)) throw notFound();
    const acting = { ...ask, caller: actingAt(owner, ask.caller) };
    const { body, number } = await this.store.read(acting, Delegation, uuid, AS_IT_IS);
    const { was, to } = STEPS[step];
    const said = `${to} af ${ask.caller.owner}${note === undefined ? '' : `: ${note}`}`.slice(0, 1024);
    const change =
      ifMatch === number ? stepped(facetsOf(body), 'status', { was, to, note: said }, now()) : {};
    // The delegator's log has it by the change itself; the receiver's has it by this.
    await this.log(ask, step, uuid);
    return this.store.patch(acting, Delegation, uuid, change, ifMatch);
  }

  private async places(ask: Ask): Promise<{ owner: string; uuid: string }[]> {
    const { rows } = await this.database.run(
      { owner: ask.caller.owner },
      { name: 'received-delegations', text: 'select of_owner, of_object from received_delegations()' },
    );
    return rows.map((row) => ({
      owner: String(row['of_owner']).padStart(8, '0'),
      uuid: row['of_object'] as string,
    }));
  }

  private async read(ask: Ask, owner: string, uuid: string): Promise<Received> {
    const acting = { ...ask, caller: actingAt(owner, ask.caller) };
    const { body } = await this.store.read(acting, Delegation, uuid, AS_IT_IS);
    const facets = facetsOf(body);
    const status = textOf(holdingAt(facets['status'], now())[0], 'vaerdi') ?? '';
    return {
      ejer: owner,
      status,
      delegation: body,
      // It is the receiver's to know while it is asked to take it, and while it has it.
      jobfunktionsrolle: OPEN_DELEGATION.has(status) ? await this.role(acting, facets) : null,
    };
  }

  private async role(acting: Ask, facets: FacetItems): Promise<string | null> {
    const [pointer] = facets['jobfunktionsrolle'] ?? [];
    const role = pointer && targetOf(pointer);
    if (!role) return null;
    try {
      return (await this.store.read(acting, Jobfunktionsrolle, role, PRESENT)).body;
    } catch (cause) {
      if (cause instanceof Refusal && cause.status === 404) return null;
      throw cause;
    }
  }

  private async log({ caller, transaction }: Ask, step: Step, uuid: string): Promise<void> {
    const entry = { caller, transaction, operation: step, type: Delegation.name, objects: [uuid] };
    const row = auditRow({ ...entry, allowed: true, count: 1 }, this.store.options.pseudonymKey);
    await this.database.run({ owner: caller.owner }, row);
  }
}
