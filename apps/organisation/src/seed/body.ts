import type { BulkItem, ObjectInput } from '@stoettesystemer/engine';

export type Seeded = Omit<BulkItem, 'line'>;
export interface Virkning {
  readonly fra: string;
  readonly til?: string;
}
type Members = Readonly<Record<string, unknown>>;
export type Relations = Readonly<Record<string, readonly Members[]>>;

/** A relation's item: by UUID, or by URN where the other is another service's. */
export const pointing = (to: string, more: Members = {}): Members => ({
  ...more,
  reference: to.startsWith('urn:') ? { urn: to } : { uuid: to },
});

interface Told {
  readonly type: { readonly name: string; readonly states: object };
  readonly uuid: string;
  readonly virkning: Virkning;
  readonly egenskaber: Members;
  readonly relationer?: Relations;
}

/** An object of which everything holds over one virkning; what can be inactive is active in it, and inactive after. */
export function seeded({ type, uuid, virkning, egenskaber, relationer = {} }: Told): Seeded {
  const { fra, til } = virkning;
  const holding = (items: readonly Members[]) => items.map((item) => ({ virkning, ...item }));
  const gyldighed = [
    { virkning, vaerdi: 'Aktiv' },
    ...(til === undefined ? [] : [{ virkning: { fra: til }, vaerdi: 'Inaktiv' }]),
  ];
  const input: ObjectInput = {
    attributter: { egenskaber: [{ virkning: { fra }, ...egenskaber }] },
    tilstande: 'gyldighed' in type.states ? { gyldighed } : {},
    relationer: Object.fromEntries(Object.entries(relationer).map(([name, items]) => [name, holding(items)])),
  };
  return { type: type.name, uuid, input };
}
