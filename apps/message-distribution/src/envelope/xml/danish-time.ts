import { formatInstant } from '@stoettesystemer/object';
import { instantOf } from '../cloud-event/attribute-checks';

const clock = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Copenhagen',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** What the clocks of Copenhagen show, without a zone and a fraction. */
function shownAt(instant: bigint): string {
  const parts = new Map(clock.formatToParts(Number(instant / 1000n)).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`;
}

/** Summer first: of the hour that comes twice, the first; of one that never comes, what a clock not set forward shows. */
const ZONES = ['+02:00', '+01:00'];

/**
 * A time of the envelope in RFC 3339, UTC. One without a zone is Danish time, as the senders of such mean it.
 * Null for what is no time.
 */
export function inUtc(text: string): string | null {
  const hasZone = /(?:Z|[+-]\d\d:\d\d)$/i.test(text);
  const instants = (hasZone ? [''] : ZONES).map((zone) => instantOf(`${text}${zone}`));
  const instant = instants.find((each) => each !== null && (hasZone || shownAt(each) === text.slice(0, 19)));
  const found = instant ?? instants.at(-1);
  return found === null || found === undefined ? null : formatInstant(found);
}
