import { Refusal } from '@stoettesystemer/object';
import { SaxesParser } from 'saxes';

/** Prefix → namespace, all that hold at an element. The default one has the empty prefix. */
export type Scope = ReadonlyMap<string, string>;

export interface XmlElement {
  readonly kind: 'element';
  readonly prefix: string;
  readonly local: string;
  readonly namespace: string;
  readonly scope: Scope;
  /** As written, declarations of namespaces too. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Replaced where a message is changed. */
  children: readonly XmlNode[];
}

export type XmlNode =
  | XmlElement
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'instruction'; readonly target: string; readonly text: string };

const KIB = 1024;
export const XML_LIMITS = { size: 256 * KIB, depth: 64, attributes: 100 } as const;
/** What a prefix means without being declared. */
export const NO_SCOPE: Scope = new Map([
  ['', ''],
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
]);

const refused = (besked: string): Refusal => new Refusal(400, 'xml', besked);

/** Builds the tree that the parser tells of. */
class Builder {
  root: XmlElement | null = null;
  private readonly open: { element: XmlElement; children: XmlNode[] }[] = [];

  get depth(): number {
    return this.open.length;
  }

  get scope(): Scope {
    return this.open.at(-1)?.element.scope ?? NO_SCOPE;
  }

  start(element: XmlElement): void {
    this.root ??= element;
    this.add(element);
    this.open.push({ element, children: [] });
  }

  /** What stands outside the root is not of the message. */
  add(node: XmlNode): void {
    const siblings = this.open.at(-1)?.children;
    const last = siblings?.at(-1);
    if (node.kind === 'text' && last?.kind === 'text')
      siblings![siblings!.length - 1] = { kind: 'text', text: last.text + node.text };
    else siblings?.push(node);
  }

  end(): void {
    const { element, children } = this.open.pop()!;
    element.children = children;
  }
}

/**
 * Reads a document so that it can be written again with nothing lost: XML 1.0 with namespaces, and no document type, so
 * no entity of its own and nothing to fetch. @throws Refusal in Danish, which quotes nothing of the document.
 */
export function readTree(text: string, size: number = XML_LIMITS.size): XmlElement {
  if (Buffer.byteLength(text) > size)
    throw new Refusal(413, 'for_stort', `XML’en må højst fylde ${size / KIB} KiB.`);
  const parser = new SaxesParser({ xmlns: true, position: true });
  const builder = new Builder();
  const refuse = (what: string): never => {
    throw refused(`XML’en har ${what} (linje ${parser.line}), og det må den ikke have.`);
  };
  parser.on('error', () => {
    throw refused(`XML’en kan ikke læses (linje ${parser.line}, tegn ${parser.column + 1}).`);
  });
  parser.on('doctype', () => refuse('en dokumenttype'));
  parser.on('xmldecl', ({ version, encoding }) => {
    if (version !== '1.0') refuse('en anden version end 1.0');
    if (encoding && !/^(utf-?8|us-ascii)$/i.test(encoding)) refuse('et andet tegnsæt end UTF-8');
  });
  parser.on('opentag', ({ prefix, local, uri, ns, attributes }) => {
    if (builder.depth >= XML_LIMITS.depth) refuse('for mange niveauer');
    const named = Object.entries(attributes);
    if (named.length > XML_LIMITS.attributes) refuse('for mange attributter');
    const declared = Object.entries(ns);
    builder.start({
      kind: 'element',
      prefix,
      local,
      namespace: uri,
      scope: declared.length === 0 ? builder.scope : new Map([...builder.scope, ...declared]),
      attributes: new Map(named.map(([name, { value }]) => [name, value])),
      children: [],
    });
  });
  parser.on('text', (piece) => builder.add({ kind: 'text', text: piece }));
  parser.on('cdata', (piece) => builder.add({ kind: 'text', text: piece }));
  parser.on('comment', (piece) => builder.add({ kind: 'comment', text: piece }));
  parser.on('processinginstruction', ({ target, body }) =>
    builder.add({ kind: 'instruction', target, text: body }),
  );
  parser.on('closetag', () => builder.end());
  parser.write(text).close();
  if (!builder.root) throw refused('XML’en er tom.');
  return builder.root;
}
