import { childrenOf, elementsIn, makeElement, textIn } from './message-element';
import { SAGDOK, STS } from './message-schema';
import { writeTree } from './write-tree';
import { NO_SCOPE, readTree, type XmlElement } from './xml-tree';

/** StandardRetur: what a receiver, or we, say of a message. 20 is that it has been taken over; all else that it has not. */
export interface StandardReturn {
  readonly code: number;
  readonly text: string;
}

export const TAKEN_OVER = 20;
const KIB = 1024;
const MOST = 64 * KIB;
const SHOWN = 200;

function find(element: XmlElement, local: string): XmlElement | undefined {
  if (element.local === local) return element;
  for (const child of elementsIn(element)) {
    const found = find(child, local);
    if (found) return found;
  }
  return undefined;
}

/** Reads the StandardRetur of an answer, whatever it is wrapped in; null when there is none to be read. */
export function readReturn(xml: string): StandardReturn | null {
  let root: XmlElement;
  try {
    root = readTree(xml, MOST);
  } catch {
    return null;
  }
  const answer = find(root, 'StandardRetur');
  const [code] = answer ? childrenOf(answer, 'StatusKode', SAGDOK) : [];
  if (!answer || !code || !/^\d{1,3}$/.test(textIn(code))) return null;
  const [text] = childrenOf(answer, 'FejlbeskedTekst', SAGDOK);
  return { code: Number(textIn(code)), text: text ? textIn(text).slice(0, SHOWN) : '' };
}

/** Writes a ModtagBeskedOutput, as a receiver of pushed messages answers, and as we answer a sender. */
export function writeReturn({ code, text }: StandardReturn): string {
  const scope = new Map([...NO_SCOPE, ['', SAGDOK], ['ns4', STS]]);
  const output = makeElement({ scope }, 'ModtagBeskedOutput', STS);
  const answer = makeElement(output, 'StandardRetur', SAGDOK);
  const parts = [
    ['StatusKode', `${code}`],
    ['FejlbeskedTekst', text],
  ] as const;
  answer.children = parts.map(([local, value]) => {
    const part = makeElement(answer, local, SAGDOK);
    part.children = value === '' ? [] : [{ kind: 'text', text: value }];
    return part;
  });
  output.children = [answer];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeTree(output)}`;
}
