import { Klasse, OrganisationFunktion } from '@stoettesystemer/model';
import {
  type Declaration,
  formatInstant,
  parseInstant,
  period as p,
  type Period,
} from '@stoettesystemer/object';
import { type Item, itemsOf, type LoraRegistration, type Spanned } from './lora-object';

const periodOf = ({ virkning: { fra, til } }: Spanned): Period => ({
  from: parseInstant(fra)!,
  to: til === null ? null : parseInstant(til),
});
const within = (item: Item, { from, to }: Period): Item => ({
  ...item,
  virkning: { fra: formatInstant(from), til: to === null ? null : formatInstant(to) },
});

/**
 * What somebody is employed as. OS2mo says it by pointing at a class as the task of the `Engagement`; here it is the name
 * of the function. Classes stand before or after what points at them, but a source is always read through once before it is
 * written.
 */
export class LoraTitles {
  private readonly titles = new Map<string, string>();

  /** Learns what a class is called. */
  learn(type: Declaration, uuid: string, egenskaber: readonly Item[]): void {
    const title = egenskaber.at(-1)?.['titel'];
    if (type === Klasse && typeof title === 'string') this.titles.set(uuid, title);
  }

  /**
   * The attributes of an employment with the titles that it has had as its names; null for what is none, and where a
   * class that it points at is not in the source.
   */
  of(
    type: Declaration,
    { relationer }: LoraRegistration,
    egenskaber: readonly Item[],
  ): readonly Item[] | null {
    if (type !== OrganisationFunktion || egenskaber.some((item) => item['funktionNavn'] !== 'Engagement'))
      return null;
    const tasks = itemsOf(relationer['opgaver'] ?? [], 'opgaver').map((task) => ({
      period: periodOf(task),
      title: this.titles.get(String(task['uuid']).toLowerCase()),
    }));
    if (tasks.length === 0 || tasks.some(({ title }) => title === undefined)) return null;
    return (egenskaber as readonly Spanned[]).flatMap((item) => {
      const named: Item[] = [];
      let rest = [periodOf(item)];
      for (const { period, title } of tasks) {
        for (const each of rest) {
          const shared = p.intersection(each, period);
          if (shared) named.push(within({ ...item, funktionNavn: title }, shared));
        }
        rest = rest.flatMap((each) => p.minus(each, period));
      }
      return [...named, ...rest.map((each) => within(item, each))];
    });
  }
}
