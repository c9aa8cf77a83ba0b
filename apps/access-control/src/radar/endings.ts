import { Injectable } from '@nestjs/common';
import { holds } from '@stoettesystemer/access';
import type { AsOf, Ask, Expression } from '@stoettesystemer/engine';
import { Delegation, Foederationsaftale, ItSystem, Serviceaftale } from '@stoettesystemer/model';
import { type Declaration, type Instant, parseInstant, Refusal } from '@stoettesystemer/object';
import { Reader, type Registered } from '../agreement/reader';
import { readIdpMetadata } from '../login/saml/metadata';

export const ENDING_KINDS = [
  'Noegle',
  'IdpMetadata',
  'Serviceaftale',
  'Delegation',
  'Foederationsaftale',
] as const;
export type EndingKind = (typeof ENDING_KINDS)[number];

/** Something that ends by itself, and stops work when it does. */
export interface Ending {
  readonly slags: EndingKind;
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
    // Who may read but some of it is shown that.
    const all = <D extends Declaration>(type: D, udtryk: Expression | null): Promise<Registered<D>[]> =>
      holds(ask.caller, type, 'laes') ? this.reader.all(ask, type, udtryk, at) : Promise.resolve([]);
    const [keys, agreements, delegations, federations] = await Promise.all([
      all(ItSystem, systems),
      all(Serviceaftale, { felt: 'status', lig: 'Aktiv' }),
      all(Delegation, { felt: 'status', lig: 'Accepteret' }),
      all(Foederationsaftale, { felt: 'status', lig: 'Aktiv' }),
    ]);
    return [
      ...keys.flatMap((each) => [...keysOf(each, moment), ...idpEnd(each, moment)]),
      ...agreements.flatMap((each) => agreementEnd(each, moment)),
      ...delegations.flatMap((each) => delegationEnd(each, moment)),
      ...federations.flatMap((each) => federationEnd(each, moment)),
    ]
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

/** When nobody can log in by the IdP any longer, unless somebody registers new metadata. */
function idpEnd({ uuid, ejer, attributter }: Registered<typeof ItSystem>, moment: Instant): Ending[] {
  const metadata = (attributter?.identityProvider ?? []).find((item) => {
    const to = toOf(item);
    return fromOf(item) <= moment && (to === null || moment < to);
  })?.metadata;
  if (!metadata) return [];
  const until = usableUntil(metadata, new Date(Number(moment / 1000n)));
  const navn = attributter?.egenskaber?.[0]?.navn ?? '';
  return until === null
    ? []
    : [
        {
          slags: 'IdpMetadata',
          uuid,
          ejer,
          id: '',
          navn,
          ends: BigInt(until.getTime()) * 1000n,
          system: uuid,
        },
      ];
}

/** Null for metadata that cannot be used as it is: it has no end to come, and a login says why. */
function usableUntil(metadata: string, at: Date): Date | null {
  let end: Date | null = null;
  try {
    // Where one certificate ends, another may have begun.
    for (;;) end = readIdpMetadata(metadata, { at: end ?? at, mustBeSecure: false }).until;
  } catch (cause) {
    if (cause instanceof Refusal) return end;
    throw cause;
  }
}

function federationEnd(
  { uuid, ejer, attributter, tilstande }: Registered<typeof Foederationsaftale>,
  moment: Instant,
): Ending[] {
  const active = (tilstande?.status ?? []).filter(({ vaerdi }) => vaerdi === 'Aktiv');
  const ends = endOf(active, moment);
  const navn = attributter?.egenskaber?.[0]?.navn ?? '';
  return ends === null ? [] : [{ slags: 'Foederationsaftale', uuid, ejer, id: '', navn, ends, system: null }];
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
