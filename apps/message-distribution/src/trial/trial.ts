import { Injectable } from '@nestjs/common';
import type { Ask } from '@stoettesystemer/engine';
import { type Fault, Refusal } from '@stoettesystemer/object';
import { Database } from '@stoettesystemer/postgres';
import { DISTRIBUTED } from '../envelope/cloud-event/cloud-event';
import { readEvent } from '../envelope/cloud-event/read-event';
import { type Explanation, explain } from '../filter/explain';
import { parseFilters } from '../filter/parse-filters';
import { ListedValues } from '../matching/listed-values';
import { Registered } from '../matching/registered';
import { MessageKeys } from '../message/message-keys';
import { mayReceive } from '../message/rights';

export interface Said {
  readonly filtre: unknown;
  readonly besked: unknown;
}

export interface Tried {
  /** Whether the filters take it. */
  readonly opfyldt: boolean;
  readonly forklaring: Explanation;
  /** Whether the caller's agreement gives it. */
  readonly adgang: boolean;
}

/** What filters would do with a message, by the same code that does it. Nothing is kept, and nobody gets it. */
@Injectable()
export class Trial {
  constructor(
    private readonly database: Database,
    private readonly registered: Registered,
    private readonly keys: MessageKeys,
  ) {}

  /** @throws Refusal 400 with a pointer to what is wrong in the filters or the message */
  async run({ caller }: Ask, { filtre, besked }: Said): Promise<Tried> {
    const filters = parseFilters(filtre, '/filtre');
    const faults: Fault[] = [];
    const { personReference } = this.keys;
    const event = readEvent(besked, '/besked', { required: DISTRIBUTED, personReference }, faults);
    if (!event)
      throw new Refusal(400, 'haendelse', 'Beskeden er ikke, som den skal være. Se fejl.', { fejl: faults });
    const lists = new ListedValues();
    lists.want(caller.owner, event);
    await this.registered.refresh();
    if (!lists.isEmpty) {
      const { rows } = await this.database.look({ owner: caller.owner }, lists.lookup);
      lists.learn(rows, (owner, list) => this.registered.hasList(owner, list));
    }
    const forklaring = explain(filters, event, lists.holdsFor(caller.owner));
    return { opfyldt: forklaring.opfyldt, forklaring, adgang: mayReceive(caller, event) };
  }
}
