import type { DirectoryView } from '../directory/directory-view';

/** A unit as others mention it; without a name where the caller may not see it. */
export interface NamedUnit {
  readonly uuid: string;
  readonly brugervendtNoegle: string | null;
  readonly navn: string | null;
}

export function namedUnit(view: DirectoryView, uuid: string): NamedUnit {
  const fields = view.unit(uuid)?.fields;
  return { uuid, brugervendtNoegle: fields?.brugervendtNoegle ?? null, navn: fields?.navn ?? null };
}
