import { createHash } from 'node:crypto';
import type { Statement } from '@stoettesystemer/postgres';

const names = new Map<string, string>();
/** Texts are made from declarations and the shape of a caller's rights, so there are few; a flood of them is a defect. */
const MOST_NAMES = 5_000;

/** Gives a text its name, so that each connection prepares it once. */
export function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    if (names.size >= MOST_NAMES) names.clear();
    name = createHash('sha1').update(text).digest('base64url');
    names.set(text, name);
  }
  return name;
}

/** Collects the values of a statement while its text is written. */
export class Binder {
  readonly values: unknown[] = [];
  readonly bind = (value: unknown): string => `$${this.values.push(value)}`;

  statement(text: string): Statement {
    return { name: nameOf(text), text, values: this.values };
  }
}
