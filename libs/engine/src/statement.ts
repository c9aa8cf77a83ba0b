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

/** The place of a value that each use of a form has its own. */
export class Blank {
  constructor(readonly name: string) {}
}

/** A statement written once and filled in many times. */
export class Form {
  constructor(
    private readonly name: string,
    private readonly text: string,
    private readonly values: readonly unknown[],
  ) {}

  fill(given: Readonly<Record<string, unknown>>): Statement {
    const values = this.values.map((value) => (value instanceof Blank ? given[value.name] : value));
    return { name: this.name, text: this.text, values };
  }
}

/** Collects the values of a statement while its text is written. */
export class Binder {
  readonly values: unknown[] = [];
  readonly bind = (value: unknown): string => `$${this.values.push(value)}`;

  statement(text: string): Statement {
    return { name: nameOf(text), text, values: this.values };
  }

  /** The same for a text whose values hold blanks. */
  form(text: string): Form {
    return new Form(nameOf(text), text, this.values);
  }
}
