import { type Instant, now } from '@stoettesystemer/object';
import { type Desired, type Entry, isRefused, type Source } from './entry';
import type { Item } from './lora-object';
import { UnitSurvey } from './unit-survey';
import { isOfKlassifikation, turnOf } from './writing-order';

const UNIT = 'OrganisationEnhed';

/** What a source holds, read through once before any of it is written. */
export interface Survey {
  /** Objects by type. */
  readonly counts: ReadonlyMap<string, number>;
  /** Objects of the source that are refused, and why. */
  readonly barred: ReadonlyMap<string, string>;
  readonly units: UnitSurvey;
  /** Units that a source which need not have all of them leaves to be found elsewhere. */
  readonly elsewhere: number;
  /** It may be written as it is read. */
  readonly isOrdered: boolean;
}

/** Reads a source through. @throws SourceFault where it cannot be read to its end. */
export async function survey(
  source: Source,
  moment: Instant = now(),
  seen?: (entries: number) => void,
): Promise<Survey> {
  const counts = new Map<string, number>();
  const barred = new Map<string, string>();
  const units = new UnitSurvey(moment);
  const known = new Set<string>();
  let turn = 0;
  let isOrdered = true;
  let entries = 0;
  for await (const entry of source.entries()) {
    seen?.(++entries);
    if (isRefused(entry)) continue;
    const { type, uuid, sections, isShared } = entry;
    if (known.has(uuid)) {
      if (!isShared) barred.set(uuid, 'objektet står flere gange i kilden');
      continue;
    }
    known.add(uuid);
    counts.set(type, (counts.get(type) ?? 0) + 1);
    if (turnOf(type) < turn) isOrdered = false;
    turn = turnOf(type);
    if (type !== UNIT) continue;
    units.add(uuid, sections);
    const above = sections.relationer?.['overordnet'] ?? [];
    if (!above.every((item) => units.has(targetOf(item)))) isOrdered = false;
  }
  for (const unit of units.circles()) bar(barred, unit, 'enheden ligger under sig selv');
  const orphans = units.orphans();
  if (source.isClosed) {
    for (const unit of orphans) bar(barred, unit, 'den overordnede enhed er ikke i kilden');
    const bad = [...barred.keys()].filter((uuid) => units.has(uuid));
    for (const unit of units.under(bad)) bar(barred, unit, 'den overordnede enhed er afvist');
  }
  return { counts, barred, units, elsewhere: source.isClosed ? 0 : orphans.length, isOrdered };
}

const bar = (barred: Map<string, string>, uuid: string, reason: string): void => {
  if (!barred.has(uuid)) barred.set(uuid, reason);
};
const targetOf = (item: Item): string => (item['reference'] as { uuid?: string } | undefined)?.uuid ?? '';

/** What a surveyed source says, in the order of writing; what is barred comes as refused. */
export async function* inOrder(source: Source, found: Survey): AsyncGenerator<Entry> {
  const shared = new Set<string>();
  const judged = (entry: Desired): Entry | null => {
    const { uuid, place, isShared } = entry;
    const reason = found.barred.get(uuid) ?? missing(source, found, entry);
    if (reason !== null) return { place, uuids: [uuid], reason };
    if (isShared && shared.has(uuid)) return null;
    if (isShared) shared.add(uuid);
    return entry;
  };
  if (found.isOrdered) {
    for await (const entry of source.entries()) {
      const next = isRefused(entry) ? entry : judged(entry);
      if (next) yield next;
    }
    return;
  }
  for await (const entry of source.entries()) if (isRefused(entry)) yield entry;
  const types = [...found.counts.keys()].sort((a, b) => turnOf(a) - turnOf(b));
  for (const type of types) {
    const units: Desired[] = [];
    for await (const entry of source.entries()) {
      if (isRefused(entry) || entry.type !== type) continue;
      if (type === UNIT) units.push(entry);
      else {
        const next = judged(entry);
        if (next) yield next;
      }
    }
    const places = units.length > 0 ? found.units.places() : new Map<string, number>();
    units.sort((a, b) => places.get(a.uuid)! - places.get(b.uuid)!);
    for (const unit of units) {
      const next = judged(unit);
      if (next) yield next;
    }
  }
}

/** A post in a unit that the source says is there and does not have. */
function missing(
  { isClosed }: Source,
  { units, barred }: Survey,
  { type, sections }: Desired,
): string | null {
  if (!isClosed || type !== 'OrganisationFunktion') return null;
  const at = (sections.relationer?.['tilknyttedeEnheder'] ?? []).map(targetOf);
  if (at.some((unit) => !units.has(unit))) return 'enheden er ikke i kilden';
  return at.some((unit) => barred.has(unit)) ? 'enheden er afvist' : null;
}

export const ofOrganisation = ({ counts }: Survey): number =>
  [...counts].filter(([type]) => !isOfKlassifikation(type)).reduce((sum, [, count]) => sum + count, 0);
