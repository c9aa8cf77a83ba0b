import { Injectable } from '@nestjs/common';
import type { AsOf, Ask, Expression } from '@stoettesystemer/engine';
import { Delegation, ItSystem, Serviceaftale } from '@stoettesystemer/model';
import { type Instant, parseInstant } from '@stoettesystemer/object';
import { Reader, type Registered } from '../agreement/reader';

/** Something that ends by itself, and stops work when it does. */
export interface Ending {
  readonly slags: 'Noegle' | 'Serviceaftale' | 'Delegation';
  readonly uuid: string;
  readonly ejer: string;
  /** Of the key in its system; empty for what ends as a whole. */
  readonly id: string;
  readonly navn: string;
  readonly ends: Instant;
  /** UUID of the it-system that it is about; null where it is about none. */
  readonly system: string | null;
}

interface Held {
  readonly virkning: { readonly fra: string; readonly til?: string | null };
}
const fromOf = ({ virkning }: Held): Instant => parseInstant(virkning.fra)!;
const toOf = ({ virkning }: Held): Instant | null => (virkning.til ? parseInstant(virkning.til) : null);
const earliest = (...instants: readonly (Instant | null)[]): Instant | null =>
  instants.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null);

/** When what holds now ends; null when it does not hold, or has no end. What follows on at once is no end. */
function endOf(items: readonly Held[], moment: Instant): Instant | null {
  const sorted = [...items].sort((a, b) => (fromOf(a) < fromOf(b) ? -1 : 1));
  const first = sorted.findIndex((item) => {
    const to = toOf(item);
    return fromOf(item) <= moment && (to === null || moment < to);
  });
  if (first < 0) return null;
  let end = toOf(sorted[first]!);
  for (const item of sorted.slice(first + 1)) if (end !== null && fromOf(item) === end) end = toOf(item);
  return end;
}

/** Finds what ends in a time to come, as the caller may see it. */
@Injectable()
export class Endings {
  constructor(private readonly reader: Reader) {}

  /** Sorted by when. @param systems which it-systems' keys; null for all that the caller sees. */
  async find(ask: Ask, systems: Expression | null, moment: Instant, until: Instant): Promise<Ending[]> {
    const at: AsOf = { virkning: { from: moment, to: until }, registrering: 'nu' };
    const found = await Promise.all([
      this.reader.all(ask, ItSystem, systems, at).then((all) => all.flatMap((each) => keysOf(each, moment))),
      this.reader
        .all(ask, Serviceaftale, { felt: 'status', lig: 'Aktiv' }, at)
        .then((all) => all.flatMap((each) => agreementEnd(each, moment))),
      this.reader
        .all(ask, Delegation, { felt: 'status', lig: 'Accepteret' }, at)
        .then((all) => all.flatMap((each) => delegationEnd(each, moment))),
    ]);
    return found
      .flat()
      .filter(({ ends }) => moment < ends && ends <= until)
      .sort(compare);
  }
}

export const keyOf = ({ ends, uuid, id }: Ending): string =>
  `${String(ends).padStart(20, '0')} ${uuid} ${id}`;
const compare = (a: Ending, b: Ending): number => (keyOf(a) < keyOf(b) ? -1 : 1);

function keysOf({ uuid, ejer, attributter }: Registered<typeof ItSystem>, moment: Instant): Ending[] {
  const navn = attributter?.egenskaber?.[0]?.navn ?? '';
  const keys = attributter?.noegle ?? [];
  return [...new Set(keys.map(({ kid }) => kid))].flatMap((kid) => {
    const own = keys.filter((key) => key.kid === kid);
    const present = own.find((item) => fromOf(item) <= moment);
    const expires = present?.udloeber ? parseInstant(present.udloeber) : null;
    const ends = earliest(endOf(own, moment), expires);
    return ends === null || !present
      ? []
      : [{ slags: 'Noegle' as const, uuid, ejer, id: kid, navn, ends, system: uuid }];
  });
}

function agreementEnd(
  { uuid, ejer, attributter, tilstande, relationer }: Registered<typeof Serviceaftale>,
  moment: Instant,
): Ending[] {
  const active = (tilstande?.status ?? []).filter(({ vaerdi }) => vaerdi === 'Aktiv');
  const ends = endOf(active, moment);
  const reference = relationer?.anvendersystem?.[0]?.reference;
  const system = reference && 'uuid' in reference ? reference.uuid : null;
  const navn = attributter?.egenskaber?.[0]?.navn ?? '';
  return ends === null ? [] : [{ slags: 'Serviceaftale', uuid, ejer, id: '', navn, ends, system }];
}

function delegationEnd(
  { uuid, ejer, attributter, tilstande }: Registered<typeof Delegation>,
  moment: Instant,
): Ending[] {
  const accepted = (tilstande?.status ?? []).filter(({ vaerdi }) => vaerdi === 'Accepteret');
  const ends = endOf(accepted, moment);
  const receiver = attributter?.egenskaber?.[0]?.modtagerCvr ?? '';
  return ends === null
    ? []
    : [{ slags: 'Delegation', uuid, ejer, id: '', navn: `Delegation til ${receiver}`, ends, system: null }];
}
