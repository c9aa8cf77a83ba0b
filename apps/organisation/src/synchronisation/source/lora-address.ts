import { Adresse } from '@stoettesystemer/model';
import { isUuid, type Reference } from '@stoettesystemer/object';
import type { Desired, Place } from './entry';
import type { Identity } from './identity';
import type { Item, Spanned } from './lora-object';
import { BEGINNING } from './lora-time';

const LONGEST = 200;

/** `urn:magenta.dk:telefon:+4512345678` is a telephone number, and no object of its own in LoRa; here it is one. */
function textOf(urn: string): string {
  const text = urn.split(':').slice(3).join(':') || urn;
  try {
    return decodeURIComponent(text).slice(0, LONGEST);
  } catch {
    return text.slice(0, LONGEST);
  }
}

export interface Addresses {
  readonly items: readonly Item[];
  /** The addresses that LoRa has as URNs. */
  readonly objects: readonly Desired[];
}

/**
 * Addresses of an object: what each is for is the klasse that OS2mo names, of the address or of the function that holds it.
 * The index is the address's own UUID, so that one that comes or goes moves none of the others.
 */
export function addressesOf(
  items: readonly Spanned[],
  kind: string | undefined,
  place: Place,
  identity: Identity,
  leftOut: (what: string) => void,
): Addresses {
  const objects = new Map<string, Desired>();
  const found = items.flatMap(({ virkning, uuid, urn, objekttype }): Item[] => {
    const rolle = isUuid(objekttype) ? objekttype.toLowerCase() : kind;
    const isUrn = typeof urn === 'string' && urn !== '';
    if (rolle === undefined || (!isUuid(uuid) && !isUrn)) {
      leftOut('en adresse, som det ikke kan ses, hvad bruges til');
      return [];
    }
    const reference: Reference & { uuid: string } = {
      uuid: isUuid(uuid) ? uuid.toLowerCase() : identity('adresse', String(urn)),
    };
    if (isUrn && !isUuid(uuid))
      objects.set(reference.uuid, {
        place,
        type: Adresse.name,
        uuid: reference.uuid,
        isShared: true,
        sections: {
          attributter: {
            egenskaber: [
              { virkning: { fra: BEGINNING }, brugervendtNoegle: textOf(urn), adresse: textOf(urn) },
            ],
          },
        },
      });
    return [{ virkning, rolle, indeks: reference.uuid, reference }];
  });
  return { items: found, objects: [...objects.values()] };
}
