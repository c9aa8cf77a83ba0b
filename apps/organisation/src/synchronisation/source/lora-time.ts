import { formatInstant, parseInstant, startOfDanishDay } from '@stoettesystemer/object';

/** LoRa's beginning of time. Ours has none; nothing of a municipality's is older than this. */
export const BEGINNING = '1900-01-01T00:00:00Z';

export interface Virkning {
  readonly fra: string;
  readonly til: string | null;
}

const STAMP = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?)(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** Reads what PostgreSQL or LoRa writes for a moment; a midnight without a zone is Danish. Null for what is none. */
export function loraInstant(text: string): string | null {
  const [, day, time, zone] = STAMP.exec(text) ?? [];
  if (day === undefined || time === undefined) return null;
  if (zone === undefined) {
    if (!/^00:00:00(\.0+)?$/.test(time) || parseInstant(`${day}T00:00:00Z`) === null) return null;
    return startOfDanishDay(day);
  }
  const [sign, hours = '', minutes = '00'] =
    zone === 'Z' ? ['+', '00'] : [zone[0], zone.slice(1, 3), zone.slice(3).replace(':', '') || '00'];
  const instant = parseInstant(`${day}T${time}${sign}${hours}:${minutes}`);
  return instant === null ? null : formatInstant(instant);
}

/** @returns null where the period cannot be read, and in words what is wrong with it. */
export function loraVirkning(virkning: unknown): Virkning | string {
  const { from, to, from_included: fromIn, to_included: toIn } = (virkning ?? {}) as Record<string, unknown>;
  if (typeof from !== 'string' || typeof to !== 'string') return 'virkning mangler from eller to';
  const fra = from === '-infinity' ? BEGINNING : loraInstant(from);
  const til = to === 'infinity' ? null : loraInstant(to);
  if (fra === null) return 'virkningens from er ikke et tidspunkt med tidszone';
  if (to !== 'infinity' && til === null) return 'virkningens to er ikke et tidspunkt med tidszone';
  if (til !== null && parseInstant(fra)! >= parseInstant(til)!) return 'virkningens from ligger ikke før to';
  if ((fromIn === false && from !== '-infinity') || (toIn === true && to !== 'infinity'))
    return 'virkningen er ikke lukket forneden og åben foroven';
  return { fra, til };
}
