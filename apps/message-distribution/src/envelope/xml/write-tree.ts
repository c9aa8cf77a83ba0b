import { NO_SCOPE, type Scope, type XmlElement, type XmlNode } from './xml-tree';

const SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};
const inText = (text: string): string => text.replace(/[&<>\r]/g, (sign) => SIGNS[sign]!);
const inAttribute = (text: string): string => text.replace(/[&<>"\t\n\r]/g, (sign) => SIGNS[sign]!);

/** The prefix that an attribute declares; null for an ordinary attribute. */
export const declaredBy = (name: string): string | null =>
  name === 'xmlns' ? '' : name.startsWith('xmlns:') ? name.slice('xmlns:'.length) : null;

const attribute = ([name, value]: readonly [string, string]): string => ` ${name}="${inAttribute(value)}"`;

/** What an element must declare where `around` holds: what it does itself, and what it had from where it was read. */
function declarations(element: XmlElement, around: Scope): [string, string][] {
  return [...element.scope]
    .filter(([prefix, namespace]) => around.get(prefix) !== namespace && prefix !== 'xml')
    .map(([prefix, namespace]) => [prefix === '' ? 'xmlns' : `xmlns:${prefix}`, namespace]);
}

function nodeText(node: XmlNode, around: Scope): string {
  if (node.kind === 'element') return writeTree(node, around);
  if (node.kind === 'text') return inText(node.text);
  if (node.kind === 'comment') return `<!--${node.text}-->`;
  return `<?${node.target}${node.text === '' ? '' : ` ${node.text}`}?>`;
}

/**
 * Writes an element where `around` holds; by itself, it declares all that held where it was read, so that names in its
 * texts mean what they did.
 */
export function writeTree(element: XmlElement, around: Scope = NO_SCOPE): string {
  const name = element.prefix === '' ? element.local : `${element.prefix}:${element.local}`;
  const ordinary = [...element.attributes].filter(([each]) => declaredBy(each) === null);
  const opening = `<${name}${[...declarations(element, around), ...ordinary].map(attribute).join('')}`;
  if (element.children.length === 0) return `${opening}/>`;
  return `${opening}>${element.children.map((child) => nodeText(child, element.scope)).join('')}</${name}>`;
}
