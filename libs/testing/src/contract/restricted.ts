import { type AccessPath, sectionOf } from '@stoettesystemer/object';
import type { Body, Item } from './body';
import type { Contract } from './contract';

/** The body with what restrictions are measured by. */
export function within(
  { type }: Contract,
  body: Body,
  kle: string,
  foelsomhed = 'IKKE_FORTROLIGE_DATA',
): Body {
  const set = (path: AccessPath | undefined, value: string) => {
    if (!path || !('facet' in path)) return;
    const section = sectionOf(type, path.facet)!;
    const list = (body[section][path.facet] ??= []) as (Item | undefined)[];
    const [item] = list;
    if (item)
      body[section][path.facet] = [
        { ...item, ...(path.rolle ? { rolle: path.rolle } : {}), [path.field ?? 'vaerdi']: value },
      ];
  };
  set(type.access?.kle, kle);
  set(type.access?.foelsomhed, foelsomhed);
  return body;
}
