import { type Declaration, type Fault, Refusal } from '@stoettesystemer/object';
import type { Piece } from './piece';

const fault = (sti: string, besked: string): Fault => ({ sti, kode: 'paakraevet', besked });

/**
 * What must be there is there: required facets of the type and required members in every period of a group.
 * Looks only at the facets given, so that a change pays for what it touches.
 * @throws Refusal 422 `paakraevet` with a pointer to each gap.
 */
export function checkRequirements(
  type: Declaration,
  facets: Iterable<string>,
  pieces: readonly Piece[],
): void {
  const faults: Fault[] = [];
  for (const facet of facets) {
    const group = type.attributes[facet];
    const held = pieces.filter((piece) => piece.facet === facet);
    const required = (group ?? type.states[facet] ?? type.relations[facet])?.required;
    const section = group ? 'attributter' : type.states[facet] ? 'tilstande' : 'relationer';
    if (required && held.length === 0)
      faults.push(fault(`/${section}/${facet}`, `${facet} skal være udfyldt.`));
    const fields = group?.fields ?? type.relations[facet]?.fields ?? {};
    const needed = Object.entries(fields).filter(([, field]) => field.required);
    if (needed.length === 0) continue;
    for (const piece of held) {
      const value = JSON.parse(piece.value) as Record<string, unknown>;
      for (const [name] of needed)
        if (value[name] === undefined)
          faults.push(fault(`/${section}/${facet}`, `${name} skal være udfyldt i hele perioden.`));
    }
  }
  if (faults.length > 0)
    throw new Refusal(422, 'paakraevet', 'Der mangler oplysninger, som typen kræver.', { fejl: faults });
}

/** The facets of a type that something is required of. */
export const requiredFacets = (type: Declaration): string[] =>
  [type.attributes, type.states, type.relations].flatMap((section) =>
    Object.entries(section)
      .filter(([, facet]) => (facet as { required?: boolean }).required)
      .map(([name]) => name),
  );
