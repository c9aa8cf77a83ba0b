import { type Fault } from '@stoettesystemer/object';
import { parseJson } from '@stoettesystemer/server';
import type { XmlElement, XmlNode } from './xml-tree';

/** An instruction that says which attributes an event has beside those that the envelope tells of. */
const TARGET = 'cloudevents';

/** By attribute; null where the event has none though the envelope tells of one. */
export type Remainder = Readonly<Record<string, unknown>>;

const isRemainder = (node: XmlNode): boolean => node.kind === 'instruction' && node.target === TARGET;

/** Takes it out of a message. */
export function takeRemainder(message: XmlElement, faults: Fault[]): Remainder {
  const found = message.children.filter(isRemainder);
  message.children = message.children.filter((child) => !isRemainder(child));
  const [first, ...others] = found as { text: string }[];
  if (!first) return {};
  try {
    const value = parseJson(first.text);
    if (others.length === 0 && typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Remainder;
  } catch {
    // Told below.
  }
  faults.push({
    sti: `/Haendelsesbesked/${TARGET}`,
    kode: 'json',
    besked: `Instruksen ${TARGET} skal være ét JSON-objekt.`,
  });
  return {};
}

/** Puts it first in a message, where no schema asks and no reader of the envelope stumbles over it. */
export function addRemainder(message: XmlElement, remainder: Remainder): void {
  if (Object.keys(remainder).length === 0) return;
  const text = JSON.stringify(remainder).replaceAll('>', '\\u003e');
  message.children = [{ kind: 'instruction', target: TARGET, text }, ...message.children];
}
