import { DOMParser } from '@xmldom/xmldom';
import { C14nCanonicalizationWithComments } from 'xml-crypto';

const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** Canonical XML with comments of the message, by another's code, from another parser; with what holds around it. */
export function canonical(xml: string): string {
  const document = new DOMParser().parseFromString(xml, 'text/xml');
  const message = document.getElementsByTagNameNS('urn:oio:besked:kuvert:1.0', 'Haendelsesbesked')[0]!;
  const around = message.parentNode as Element;
  for (const { name, value } of around.attributes ? Array.from(around.attributes) : [])
    if (/^xmlns(:|$)/.test(name) && !message.hasAttribute(name)) message.setAttributeNS(XMLNS, name, value);
  return new C14nCanonicalizationWithComments().process(message, {}) as unknown as string;
}
