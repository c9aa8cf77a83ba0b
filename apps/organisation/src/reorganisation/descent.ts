import type { OrganisationTree } from '../tree/organisation-tree';

/** What is over and under what in a tree. */
export class Descent {
  private readonly children = new Map<string, string[]>();

  constructor(private readonly tree: OrganisationTree) {
    for (const { uuid, overordnet } of tree.values()) {
      if (overordnet === null) continue;
      const siblings = this.children.get(overordnet);
      if (siblings) siblings.push(uuid);
      else this.children.set(overordnet, [uuid]);
    }
  }

  parentOf(uuid: string): string | null {
    return this.tree.get(uuid)?.overordnet ?? null;
  }

  /** The units over one, nearest first; a ring ends where it began. */
  above(uuid: string): Set<string> {
    const found = new Set<string>();
    for (let each = this.parentOf(uuid); each !== null && !found.has(each); each = this.parentOf(each))
      found.add(each);
    return found;
  }

  under(uuid: string): Set<string> {
    const found = new Set(this.children.get(uuid) ?? []);
    for (const each of found) for (const child of this.children.get(each) ?? []) found.add(child);
    return found;
  }
}
