import { parseJson } from '@stoettesystemer/server';
import { type CloudEvent, isJson } from '../cloud-event/cloud-event';
import { childrenOf, elementsIn, insert, isElement, makeElement, textIn } from './message-element';
import { BASE64, KUVERT } from './message-schema';
import { writeTree } from './write-tree';
import { readTree, type XmlElement, type XmlNode } from './xml-tree';

/** The content of an event, with what its type says of it. */
export type Content = Pick<CloudEvent, 'data' | 'data_base64' | 'datacontenttype'>;

/** Stands in the envelope where the content was, while they are kept apart. */
export const MARK = 'indhold';
const mark: XmlNode = { kind: 'instruction', target: MARK, text: '' };

const PLAIN = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const BYTES = 'application/octet-stream';
const JSON_TYPE = 'application/json';
const EXTENSIONS: readonly (readonly [RegExp, string])[] = [
  [/\bjson\b/, '.json'],
  [/\bxml\b/, '.xml'],
  [/^text\//, '.txt'],
];

const isBlank = (node: XmlNode): boolean => node.kind !== 'text' || node.text.trim() === '';
const isEncoded = (element: XmlElement): boolean =>
  isElement(element, BASE64, 'Base64') || isElement(element, KUVERT, 'Base64');

/** The one element that the content is; null where it is more or less than that. */
function onlyElement(contents: readonly XmlElement[]): XmlElement | null {
  const [content, ...others] = contents;
  if (!content || others.length > 0) return null;
  const [element, ...more] = elementsIn(content);
  if (!element || more.length > 0) return null;
  return content.children.every((child) => child === element || isBlank(child)) ? element : null;
}

function utf8(bytes: Buffer): string | null {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : null;
}

function json(text: string): { data: unknown } | null {
  try {
    return { data: parseJson(text) };
  } catch {
    return null;
  }
}

const typeOf = (element: XmlElement): string => element.attributes.get('content-type') ?? BYTES;

/** Encoded content is text where its encoding is told, and JSON where that is its type; else it is bytes. */
function decoded(element: XmlElement): Content | null {
  const encoded = textIn(element).replace(/\s+/g, '');
  if (!PLAIN.test(encoded)) return null;
  const datacontenttype = typeOf(element);
  const isText = /^utf-?8$/i.test(element.attributes.get('encoding') ?? '');
  const text = isText ? utf8(Buffer.from(encoded, 'base64')) : null;
  const found = text === null ? null : isJson(datacontenttype) ? json(text) : { data: text };
  return { datacontenttype, ...(found ?? { data_base64: encoded }) };
}

/** The text that stands in Base64 for a content. */
function encodedText({ data, data_base64, datacontenttype }: Content): string {
  if (data_base64 !== undefined) return data_base64;
  const text = isJson(datacontenttype) ? JSON.stringify(data) : (data as string);
  return Buffer.from(text).toString('base64');
}

/** The content of several elements, or of none but text: a document that is those. */
function together(message: XmlElement, contents: readonly XmlElement[]): string {
  const whole = makeElement(message, 'Haendelsesbesked');
  whole.children = contents;
  return writeTree(whole);
}

/**
 * Takes the content out of a message and leaves a mark; where it would not come back letter for letter, it also stays.
 */
export function takeContent(message: XmlElement): Content {
  const contents = childrenOf(message, 'Beskeddata');
  if (
    contents.every((content) => content.children.every((child) => child.kind !== 'element' && isBlank(child)))
  )
    return {};
  const element = onlyElement(contents);
  const content = element && isEncoded(element) ? decoded(element) : null;
  if (element && content) {
    const [only, ...more] = element.children;
    if (more.length === 0 && only?.kind === 'text' && only.text === encodedText(content))
      element.children = [mark];
    return content;
  }
  if (!element) return { datacontenttype: 'application/xml', data: together(message, contents) };
  const data = writeTree(element);
  const [parent] = contents;
  parent!.children = parent!.children.map((child) => (child === element ? mark : child));
  return { datacontenttype: 'application/xml', data };
}

const isMark = (node: XmlNode): boolean => node.kind === 'instruction' && node.target === MARK;

/** Puts the content where its mark is. */
function refill(content: XmlElement, event: Content): void {
  content.children = content.children.map((child) => {
    if (isMark(child)) return readTree(event.data as string);
    if (child.kind === 'element' && isEncoded(child) && child.children.some(isMark))
      child.children = [{ kind: 'text', text: encodedText({ ...event, datacontenttype: typeOf(child) }) }];
    return child;
  });
}

/** Puts the content of an event into a message that was kept without it. */
export const putBack = (message: XmlElement, event: Content): void =>
  childrenOf(message, 'Beskeddata').forEach((content) => refill(content, event));

/** Gives a message of ours its content, encoded, with the type that it has. */
export function addContent(message: XmlElement, event: Content): void {
  if (event.data === undefined && event.data_base64 === undefined) return;
  const isText = event.data_base64 === undefined;
  const type = event.datacontenttype ?? (isText ? JSON_TYPE : BYTES);
  const extension = EXTENSIONS.find(([pattern]) => pattern.test(type.toLowerCase()))?.[1];
  const content = makeElement(message, 'Beskeddata');
  const element = makeElement(content, 'Base64', BASE64, {
    'content-type': type,
    ...(isText ? { encoding: 'UTF-8' } : {}),
    ...(extension === undefined ? {} : { 'file-type': extension }),
  });
  element.children = [{ kind: 'text', text: encodedText(event) }];
  content.children = [element];
  insert(message, [content]);
}
