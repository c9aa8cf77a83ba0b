import { SaxesParser } from 'saxes';
import { isSafeAddress } from './address';

const NAMESPACE = 'urn:oasis:names:tc:SAML:2.0:metadata';
const ADDRESSES = ['Location', 'ResponseLocation'];

/** What is wrong with SAML metadata, in Danish, as far as its form goes; null when nothing is. */
export function metadataFault(text: string): string | null {
  const parser = new SaxesParser({ xmlns: true });
  let root: string | null = null;
  const unsafe: string[] = [];
  let hasDoctype = false;
  parser.on('doctype', () => {
    hasDoctype = true;
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    root ??= `${uri} ${local}`;
    for (const { local: name, value } of Object.values(attributes))
      if (ADDRESSES.includes(name) && !isSafeAddress(value)) unsafe.push(value);
  });
  parser.on('error', (cause) => {
    throw cause;
  });
  try {
    parser.write(text).close();
  } catch (cause) {
    // "3:14: unexpected close tag."
    const [line = '', column = ''] = (cause as Error).message.split(':');
    return `Metadata er ikke velformet XML (linje ${line}, kolonne ${column}).`;
  }
  if (hasDoctype) return 'Metadata må ikke have en DOCTYPE.';
  if (root !== `${NAMESPACE} EntityDescriptor`)
    return `Metadata skal være et EntityDescriptor i ${NAMESPACE}.`;
  return unsafe.length > 0 ? `Alle adresser i metadata skal være https: ${unsafe[0]!.slice(0, 200)}` : null;
}
