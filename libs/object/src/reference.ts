/** Points at an object by UUID, or at something outside by URN; `label` is for people only. */
export type Reference =
  { readonly uuid: string; readonly label?: string } | { readonly urn: string; readonly label?: string };

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NIL = '00000000-0000-0000-0000-000000000000';

export const isUuid = (value: unknown): value is string =>
  typeof value === 'string' && UUID.test(value) && value !== NIL;

/** `urn:oio:…` as the municipalities write it, at most 255 characters, and the one URN that stands for nothing. */
export const isUrn = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length <= 255 &&
  (/^urn:oio:[a-z0-9][a-z0-9:._~%\p{L} -]*$/iu.test(value) || value === 'URN:Empty');

/** A CVR number: eight digits, and no leading zero, since the database keeps it as a number. */
export const isCvr = (value: unknown): value is string =>
  typeof value === 'string' && /^[1-9]\d{7}$/.test(value);

/** The text by which a reference is compared and searched. */
export const keyOf = (reference: Reference): string => ('uuid' in reference ? reference.uuid : reference.urn);
