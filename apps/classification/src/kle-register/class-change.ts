import type { ObjectInput } from '@stoettesystemer/engine';
import { startOfDanishDay } from '@stoettesystemer/object';
import type { KleEntry } from '../kle/entry';
import { publicationOf, renamedFrom } from '../kle/publication';
import type { KleSnapshot } from '../kle/snapshot';
import type { Place } from './class-object';
import { detailsOf, keywordsOf, sourcesOf } from './class-parts';

type Item = Readonly<Record<string, unknown>>;

/** What is new or different, and what is gone, item by item. */
function keyedChanges(before: Map<string, Item>, now: Map<string, Item>, key: string, fra: string): Item[] {
  const virkning = { fra };
  const laid = [...now].filter(([id, item]) => JSON.stringify(before.get(id)) !== JSON.stringify(item));
  const gone = [...before.keys()].filter((id) => !now.has(id));
  return [
    ...laid.map(([, item]) => ({ virkning, ...item })),
    ...gone.map((id) => ({ virkning, [key]: id, slut: true })),
  ];
}

const changedMembers = (before: Item, now: Item): Item =>
  Object.fromEntries(
    Object.entries(now).filter(
      ([name, value]) => JSON.stringify(before[name] ?? null) !== JSON.stringify(value),
    ),
  );

const given = (item: Item): boolean => Object.keys(item).length > 0;

/** The Ret that brings a class from what the register holds to what an edition says, in force from the edition's day. */
export function classChange(before: KleSnapshot, now: KleEntry, edition: string, place: Place): ObjectInput {
  const fra = startOfDanishDay(edition);
  const virkning = { fra };
  const named = now.titel !== before.titel;
  const guided = now.vejledningHtml !== before.vejledningHtml;
  const details = changedMembers(detailsOf({ ...before, rettet: before.rettet ?? [] }), detailsOf(now));
  return {
    note: `KLE ${edition}`,
    attributter: {
      egenskaber:
        named || guided
          ? [
              {
                virkning: { fra: startOfDanishDay(named ? renamedFrom(now, edition, before) : edition) },
                ...(named ? { titel: now.titel } : {}),
                ...(guided ? { beskrivelse: now.vejledningHtml || null } : {}),
              },
            ]
          : [],
      kleOplysninger: given(details) ? [{ virkning, ...details }] : [],
      soegeord: keyedChanges(keywordsOf(before), keywordsOf(now), 'identifikator', fra),
      retskildereference: keyedChanges(sourcesOf(before), sourcesOf(now), 'id', fra),
    },
    tilstande: {
      publiceretStatus: publicationOf(now, edition, before).map(({ vaerdi, virkning: period }) => ({
        virkning: period,
        vaerdi,
      })),
    },
    relationer: {
      overordnetKlasse:
        now.overordnet !== before.overordnet
          ? [{ virkning, reference: place.overordnet ? { uuid: place.overordnet } : null }]
          : [],
      erstatter: place.erstatter.map(({ uuid, fra: from }) => ({
        virkning: { fra: startOfDanishDay(from) },
        reference: { uuid },
      })),
    },
  };
}
