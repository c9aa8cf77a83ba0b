/** A town at one moment, as plain as can be: what the plans must come to. */
export interface Moment {
  readonly units: Record<string, { parent: string | null; name: string; active: boolean; tasks: string[] }>;
  /** The unit of each post. */
  readonly posts: Record<string, string>;
}

export interface NaiveStep {
  readonly handling: 'Opret' | 'Flyt' | 'Overfoer' | 'Omdoeb' | 'Luk';
  readonly enhed: string;
  readonly overordnet?: string;
  readonly navn?: string;
  readonly funktion?: string;
  readonly modtager?: string;
}

const ORDER: readonly NaiveStep['handling'][] = ['Opret', 'Flyt', 'Overfoer', 'Omdoeb'];

/** The moment after the steps, whether or not they make sense. */
export function taken(before: Moment, steps: readonly NaiveStep[]): Moment {
  const { units, posts } = structuredClone(before);
  for (const kind of ORDER)
    for (const { enhed, overordnet, navn, funktion, modtager } of steps.filter(
      ({ handling }) => handling === kind,
    )) {
      const unit = units[enhed];
      if (kind === 'Opret') units[enhed] = { parent: overordnet!, name: navn!, active: true, tasks: [] };
      else if (kind === 'Flyt' && unit) unit.parent = overordnet!;
      else if (kind === 'Omdoeb' && unit) unit.name = navn!;
      else if (kind === 'Overfoer' && posts[funktion!] === enhed) posts[funktion!] = modtager!;
    }
  const closing = new Map(
    steps.flatMap((step) => (step.handling === 'Luk' ? [[step.enhed, step.modtager]] : [])),
  );
  const heirOf = (unit: string): string | undefined => {
    let heir = closing.get(unit);
    while (heir !== undefined && closing.has(heir)) heir = closing.get(heir);
    return heir;
  };
  const parents = new Map(Object.entries(units).map(([uuid, { parent }]) => [uuid, parent]));
  for (const closed of closing.keys()) {
    units[closed]!.active = false;
    const heir = heirOf(closed);
    // Whoever was never opened takes nothing over: there must have been nothing, or somebody is left in what is closed.
    if (heir === undefined || !units[heir]) continue;
    for (const [uuid, parent] of parents) {
      if (parent !== closed) continue;
      // The heir takes the place of whom it is under, and of those above whom it takes over from as well.
      let over: string | null = closed;
      while (over !== null && closing.has(over) && heirOf(over) === uuid) over = parents.get(over)!;
      units[uuid]!.parent = uuid !== heir ? heir : over === null ? null : (heirOf(over) ?? over);
    }
    for (const [post, unit] of Object.entries(posts)) if (unit === closed) posts[post] = heir;
    units[heir]!.tasks = [...new Set([...units[heir]!.tasks, ...units[closed]!.tasks])];
    units[closed]!.tasks = [];
  }
  return { units, posts };
}

/** What may never be: a unit over itself, or a post without a unit in use. */
export function wrongIn({ units, posts }: Moment): string[] {
  const rings = Object.keys(units).filter((uuid) => {
    const passed = new Set<string>();
    for (let each: string | null = uuid; each !== null; each = units[each]?.parent ?? null) {
      if (passed.has(each)) return true;
      passed.add(each);
    }
    return false;
  });
  const lost = Object.entries(posts).filter(([, unit]) => !units[unit]?.active);
  return [...rings.map((uuid) => `ring at ${uuid}`), ...lost.map(([post]) => `${post} is nowhere`)];
}
