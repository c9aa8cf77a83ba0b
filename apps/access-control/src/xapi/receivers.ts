import { Injectable } from '@nestjs/common';
import { holds } from '@stoettesystemer/access';
import { type Ask, ObjectStore } from '@stoettesystemer/engine';
import { Delegation } from '@stoettesystemer/model';
import { formatInstant, now } from '@stoettesystemer/object';
import { OPEN_DELEGATION } from '../roles/open-delegation';
import { holdingAt, targetOf, textOf } from '../roles/periods';
import { STEPS } from '../roles/received-delegations';
import { stepped } from '../roles/status-step';
import { facetsOf } from '../roles/store-sight';

interface Open {
  readonly uuid: string;
  readonly role: string;
  readonly receiver: string;
}

const AS_IT_IS = { virkning: 'alle', registrering: 'nu' } as const;
const PAGE = 500;

/** Whom a municipality's roles are delegated to, as one list for each role. */
@Injectable()
export class Receivers {
  constructor(private readonly store: ObjectStore) {}

  /** CVR numbers by the role's UUID; of one role, or of all. Nothing where the caller may not know. */
  async of(ask: Ask, role?: string): Promise<Map<string, string[]>> {
    const receivers = new Map<string, string[]>();
    if (!holds(ask.caller, Delegation, 'laes')) return receivers;
    for (const { role: of, receiver } of await this.open(ask, role)) {
      const known = receivers.get(of) ?? [];
      receivers.set(of, [...new Set([...known, receiver])].sort());
    }
    return receivers;
  }

  /** Asks those who are new, and ends what is with those who are no more. */
  async change(ask: Ask, role: string, wanted: readonly string[]): Promise<void> {
    const open = await this.open(ask, role);
    const virkning = { fra: formatInstant(now()) };
    for (const receiver of wanted.filter((cvr) => !open.some((each) => each.receiver === cvr)))
      await this.store.create(ask, Delegation, {
        attributter: { egenskaber: [{ virkning, modtagerCvr: receiver }] },
        tilstande: { status: [{ virkning, vaerdi: 'Anmodet' }] },
        relationer: { jobfunktionsrolle: [{ virkning, reference: { uuid: role } }] },
      });
    for (const { uuid } of open.filter(({ receiver }) => !wanted.includes(receiver))) {
      const { body, number } = await this.store.read(ask, Delegation, uuid, AS_IT_IS);
      const change = stepped(facetsOf(body), 'status', { ...STEPS.ophaev, note: undefined }, now());
      await this.store.patch(ask, Delegation, uuid, change, number);
    }
  }

  private async open(ask: Ask, role?: string): Promise<Open[]> {
    const found: Open[] = [];
    const udtryk = role === undefined ? null : { felt: 'jobfunktionsrolle', lig: { uuid: role } };
    for (let cursor: string | null = null; ;) {
      const query = { udtryk, sorter: ['uuid'], vis: null, limit: PAGE, cursor, antal: false };
      const page = await this.store.search(ask, Delegation, query, AS_IT_IS);
      found.push(...page.data.flatMap((body) => openOf(body, ask.caller.owner)));
      cursor = page.naeste;
      if (cursor === null) return found;
    }
  }
}

function openOf(body: string, owner: string): Open[] {
  const { uuid, ejer } = JSON.parse(body) as { uuid: string; ejer: string };
  const facets = facetsOf(body);
  const status = textOf(holdingAt(facets['status'], now())[0], 'vaerdi');
  const [pointer] = facets['jobfunktionsrolle'] ?? [];
  const role = pointer && targetOf(pointer);
  const receiver = textOf(facets['egenskaber']?.[0], 'modtagerCvr');
  if (ejer !== owner || !role || !receiver || status === null || !OPEN_DELEGATION.has(status)) return [];
  return [{ uuid, role, receiver }];
}
