import { Refusal } from '@stoettesystemer/object';
import { SaxesParser } from 'saxes';

/** An element of a small document. */
export interface XmlElement {
  /** Name without prefix. */
  readonly name: string;
  readonly namespace: string;
  /** By local name; those of another namespace as `{namespace}name`. Declarations of namespaces are left out. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly in it, also where it stands in pieces. */
  readonly text: string;
}

export interface XmlRules {
  /** Whether comments and processing instructions are passed over instead of refused. */
  readonly isLenient?: boolean;
  /** Bytes in UTF-8; 256 KiB unless told. */
  readonly size?: number;
}

const KIB = 1024;
export const XML_LIMITS = { size: 256 * KIB, depth: 64, attributes: 100 } as const;
const XMLNS = 'http://www.w3.org/2000/xmlns/';

const unreadable = (besked: string): Refusal => new Refusal(400, 'xml', besked);

interface Open {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/**
 * Reads a small document whole: XML 1.0 with namespaces, and no document type, so no entity of its own and nothing to
 * fetch. @throws Refusal in Danish, which quotes nothing of the document.
 */
export function readXml(
  text: string,
  { isLenient = false, size = XML_LIMITS.size }: XmlRules = {},
): XmlElement {
  if (Buffer.byteLength(text) > size)
    throw new Refusal(413, 'for_stort', `XML’en må højst fylde ${size / KIB} KiB.`);
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: Open[] = [];
  let root: XmlElement | null = null;
  const refuse = (what: string): never => {
    throw unreadable(`XML’en har ${what} (linje ${parser.line}), og det må den ikke have.`);
  };
  parser.on('error', () => {
    throw unreadable(`XML’en kan ikke læses (linje ${parser.line}, tegn ${parser.column + 1}).`);
  });
  parser.on('doctype', () => refuse('en dokumenttype'));
  parser.on('xmldecl', ({ version }) => {
    if (version !== '1.0') refuse('en anden version end 1.0');
  });
  if (!isLenient) {
    parser.on('comment', () => refuse('en kommentar'));
    parser.on('processinginstruction', () => refuse('en behandlingsinstruks'));
  }
  parser.on('opentag', ({ local, uri, attributes }) => {
    if (open.length >= XML_LIMITS.depth) refuse('for mange niveauer');
    const named = Object.values(attributes).filter((each) => each.uri !== XMLNS);
    if (named.length > XML_LIMITS.attributes) refuse('for mange attributter');
    open.push({
      name: local,
      namespace: uri,
      attributes: new Map(
        named.map((each) => [each.uri === '' ? each.local : `{${each.uri}}${each.local}`, each.value]),
      ),
      children: [],
      text: '',
    });
  });
  const take = (piece: string) => {
    const element = open.at(-1);
    if (element) element.text += piece;
  };
  parser.on('text', take);
  parser.on('cdata', take);
  parser.on('closetag', () => {
    const element = open.pop();
    if (!element) return;
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
  });
  parser.write(text).close();
  if (!root) throw unreadable('XML’en er tom.');
  return root;
}

/** The children by a name, in a namespace. */
export const childrenOf = (element: XmlElement, namespace: string, name: string): XmlElement[] =>
  element.children.filter((child) => child.name === name && child.namespace === namespace);

/** The element and all under it, in the order of the document. */
export function* everyElement(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* everyElement(child);
}
