import type { ObjectInput } from '@stoettesystemer/engine';
import { startOfDanishDay } from '@stoettesystemer/object';
import { type KleEntry, ophoert } from '../kle/entry';
import { publicationOf } from '../kle/publication';
import { detailsOf, keywordsOf, sourcesOf } from './class-parts';

/** Where a number stands in the register: UUIDs of what it points at. */
export interface Place {
  readonly facet: string;
  readonly overordnet: string | null;
  /** What this number came in place of, and the day. */
  readonly erstatter: readonly { readonly uuid: string; readonly fra: string }[];
}

const withoutNulls = (item: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));

/** The class that a number becomes when the register has not seen it before. Everything holds from the day KLE made it. */
export function classObject(entry: KleEntry, edition: string, place: Place): ObjectInput {
  const fra = startOfDanishDay(entry.oprettet ?? ophoert(entry) ?? edition);
  const virkning = { fra };
  const status = publicationOf(entry, edition);
  return {
    note: `KLE ${edition}`,
    attributter: {
      egenskaber: [
        {
          virkning,
          brugervendtNoegle: entry.nr,
          titel: entry.titel,
          ...(entry.vejledningHtml ? { beskrivelse: entry.vejledningHtml } : {}),
        },
      ],
      kleOplysninger: [{ virkning, ...withoutNulls(detailsOf(entry)) }],
      soegeord: [...keywordsOf(entry).values()].map((item) => ({ virkning, ...item })),
      retskildereference: [...sourcesOf(entry).values()].map((item) => ({ virkning, ...item })),
    },
    tilstande: {
      publiceretStatus: status.map(({ vaerdi, virkning: period }) => ({ virkning: period, vaerdi })),
    },
    relationer: {
      facet: [{ virkning, reference: { uuid: place.facet } }],
      ...(place.overordnet
        ? { overordnetKlasse: [{ virkning, reference: { uuid: place.overordnet } }] }
        : {}),
      erstatter: place.erstatter.map(({ uuid, fra: from }) => ({
        virkning: { fra: startOfDanishDay(from) },
        reference: { uuid },
      })),
    },
  };
}
