import { directoryObject, type FunctionState, type RawFact } from '../directory/directory-object';
import { spansOf, type Timed } from '../directory/timed';
import { parseInstant } from '@stoettesystemer/object';
import type { PlainObject } from './named';

/** A post that somebody has, or had, in one unit under one title. */
export interface Post {
  readonly bruger: string;
  readonly funktion: string;
  readonly funktionstype: string | null;
  readonly titel: string | null;
  readonly enhed: string | null;
  readonly from: number;
  readonly to: number;
}

type Item = Readonly<Record<string, unknown>> & {
  readonly virkning: { readonly fra: string; readonly til: string | null };
};

const micros = (text: string): number => Number(parseInstant(text)!);

/** The facts of an object as a plain read shows them. */
function factsOf(object: PlainObject & { readonly tilstande?: PlainObject['attributter'] }): RawFact[] {
  const sections = [object.attributter, object.tilstande ?? {}, object.relationer];
  return sections.flatMap((section) =>
    Object.entries(section).flatMap(([facet, items]) =>
      (items as readonly unknown[] as readonly Item[]).map((item): RawFact => {
        const { fra, til } = item.virkning;
        return [facet, item, micros(fra), til === null ? null : micros(til)];
      }),
    ),
  );
}

/** What of the function was, is or will be a post of these users, first things first. */
export function postsOf(object: PlainObject, users: ReadonlySet<string>): Post[] {
  const base = { uuid: object.uuid, restrictions: [] };
  const { states } = directoryObject('function', base, factsOf(object), (text) => text);
  const all = states as readonly Timed<FunctionState>[];
  const kinds = new Map<string, Omit<Post, 'from' | 'to'>>();
  for (const { value } of all)
    for (const bruger of value.users)
      for (const enhed of value.units.length === 0 ? [null] : value.units)
        if (users.has(bruger) && value.isPost) {
          const post = {
            bruger,
            funktion: object.uuid,
            funktionstype: value.type,
            titel: value.title,
            enhed,
          };
          kinds.set(JSON.stringify(post), post);
        }
  return [...kinds.values()]
    .flatMap((post) => {
      const isSo = ({ users: theirs, units, title, type }: FunctionState): boolean =>
        theirs.includes(post.bruger) &&
        (post.enhed === null ? units.length === 0 : units.includes(post.enhed)) &&
        title === post.titel &&
        type === post.funktionstype;
      return spansOf(all, isSo).map((span) => ({ ...post, ...span }));
    })
    .sort((a, b) => a.from - b.from);
}
