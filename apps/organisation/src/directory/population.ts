import type { Directory } from './directory';
import type { DirectoryFunction } from './directory-object';
import { keyAt } from './sight';

/** People in one unit whose posts are decided on alike: seen all, or none. */
export interface Crowd {
  /** One of the posts, to be decided on for all. */
  readonly post: DirectoryFunction;
  readonly users: ReadonlySet<string>;
}

/** Who is in each unit at one moment of virkning, and for how long that stays so without anybody changing it. */
export class Population {
  private constructor(
    private readonly units: ReadonlyMap<string, ReadonlyMap<string, Crowd>>,
    private readonly virkning: { readonly from: number; readonly to: number },
    /** Restrictions are those of the present, whatever the moment is. */
    private readonly present: { readonly from: number; readonly to: number },
  ) {}

  static at(directory: Directory, at: number, present: number): Population {
    const units = new Map<string, Map<string, { post: DirectoryFunction; users: Set<string> }>>();
    const [virkning, restricted] = [new Stretch(at), new Stretch(present)];
    for (const post of directory.functions()) {
      for (const { entry } of post.restrictions) restricted.meet(entry.fra, entry.til ?? Infinity);
      for (const { value, from, to } of post.states) {
        virkning.meet(from, to);
        if (from > at || to <= at || !value.isPost) continue;
        for (const user of value.users)
          for (const unit of value.units) {
            let crowds = units.get(unit);
            if (!crowds) units.set(unit, (crowds = new Map()));
            const key = keyAt(post.restrictions, present);
            const crowd = crowds.get(key);
            if (crowd) crowd.users.add(user);
            else crowds.set(key, { post, users: new Set([user]) });
          }
      }
    }
    return new Population(units, virkning, restricted);
  }

  holds(at: number, present: number): boolean {
    const isIn = ({ from, to }: { from: number; to: number }, moment: number) =>
      from <= moment && moment < to;
    return isIn(this.virkning, at) && isIn(this.present, present);
  }

  in(unit: string): Iterable<Crowd> {
    return this.units.get(unit)?.values() ?? [];
  }
}

/** How far it is from a moment to the nearest edges around it. */
class Stretch {
  from = -Infinity;
  to = Infinity;

  constructor(private readonly moment: number) {}

  meet(...edges: readonly number[]): void {
    for (const edge of edges)
      if (edge <= this.moment) this.from = Math.max(this.from, edge);
      else this.to = Math.min(this.to, edge);
  }
}
