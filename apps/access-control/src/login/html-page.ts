const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in HTML, also in an attribute. */
export const safe = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const STYLE = `
  body { font: 17px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 40rem; margin: 0 auto; padding: 1rem; }
  h1 { line-height: 1.2; } a { color: #004d6c; } li { margin: .8rem 0; } ul { list-style: none; padding: 0; }
  button { font: inherit; padding: .6rem 1rem; border: 2px solid #004d6c; background: #fff; color: #004d6c; cursor: pointer; }
  button:focus-visible, a:focus-visible { outline: 3px solid #b35c00; outline-offset: 2px; }
  @media (prefers-color-scheme: dark) { body { background: #1a1a1a; color: #f5f5f5; } a { color: #8ecae6; }
    button { background: #1a1a1a; color: #8ecae6; border-color: #8ecae6; } }`;

/**
 * Nothing but our own words and style: no script, no frame, no other address. Where a form goes is left open: browsers
 * hold the address that a login ends at against it too.
 */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/** A small page without script. @param body HTML, in which all text has been made safe */
export const htmlPage = (title: string, body: string): string =>
  `<!doctype html><html lang="da"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title)}</title><style>${STYLE}</style></head><body><main><h1>${safe(title)}</h1>${body}</main></body></html>`;
