import { KUVERT, placeOf } from './message-schema';
import type { Scope, XmlElement, XmlNode } from './xml-tree';

export const isElement = (node: XmlNode, namespace: string, local: string): node is XmlElement =>
  node.kind === 'element' && node.namespace === namespace && node.local === local;

/** The children by name, of the envelope's namespace unless told. */
export const childrenOf = (parent: XmlElement, local: string, namespace: string = KUVERT): XmlElement[] =>
  parent.children.filter((child): child is XmlElement => isElement(child, namespace, local));

export const elementsIn = (parent: XmlElement): XmlElement[] =>
  parent.children.filter((child): child is XmlElement => child.kind === 'element');

/** Down a path of names, by the first of each. */
export const elementAt = (from: XmlElement, path: readonly string[]): XmlElement | undefined =>
  path.reduce<XmlElement | undefined>((at, local) => at && childrenOf(at, local)[0], from);

/** The text directly in an element, without white space at its ends. */
export const textIn = (element: XmlElement): string =>
  element.children
    .map((child) => (child.kind === 'text' ? child.text : ''))
    .join('')
    .trim();

function prefixFor(namespace: string, scope: Scope): string | null {
  for (const [prefix, uri] of scope) if (uri === namespace) return prefix;
  return null;
}

/** A new element to stand in `parent`, with the prefix that holds there. */
export function makeElement(
  parent: { readonly scope: Scope },
  local: string,
  namespace: string = KUVERT,
  attributes: Readonly<Record<string, string>> = {},
): XmlElement {
  const prefix = prefixFor(namespace, parent.scope);
  return {
    kind: 'element',
    prefix: prefix ?? '',
    local,
    namespace,
    scope: prefix === null ? new Map([...parent.scope, ['', namespace]]) : parent.scope,
    attributes: new Map(Object.entries(attributes)),
    children: [],
  };
}

/** Puts elements in where the schema has them. */
export function insert(parent: XmlElement, elements: readonly XmlElement[]): void {
  const [first] = elements;
  if (!first) return;
  const place = placeOf(parent.local, first.local);
  const next = parent.children.findIndex(
    (child) => child.kind === 'element' && placeOf(parent.local, child.local) > place,
  );
  const at = next < 0 ? parent.children.length : next;
  parent.children = [...parent.children.slice(0, at), ...elements, ...parent.children.slice(at)];
}

/** As `elementAt`; what is not there is made. */
export function elementMade(from: XmlElement, path: readonly string[]): XmlElement {
  return path.reduce((parent, local) => {
    const [there] = childrenOf(parent, local);
    if (there) return there;
    const made = makeElement(parent, local);
    insert(parent, [made]);
    return made;
  }, from);
}

export function remove(parent: XmlElement, gone: readonly XmlNode[]): void {
  parent.children = parent.children.filter((child) => !gone.includes(child));
}
