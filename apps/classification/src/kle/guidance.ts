import sanitizeHtml from 'sanitize-html';

const TAG = /<(\/?)(p|ul|ol|li|i|b)>|<br ?\/>/g;

const BLOCKS = new Set(['p', 'ul', 'ol', 'li']);

const sanitised = (xhtml: string): string =>
  sanitizeHtml(xhtml, {
    allowedTags: ['p', 'ul', 'ol', 'li', 'i', 'b', 'br'],
    allowedAttributes: {},
    // An HTML parser would end the paragraph at the list and lose the text after it.
    parser: { xmlMode: true },
  });

/** Takes away blanks beside block tags, and what then is empty. */
function tidy(html: string): string {
  const tight = html
    .replace(/ +/g, ' ')
    .replace(/ ?(<\/?(?:p|ul|ol|li)>) ?/g, '$1')
    .trim();
  const full = tight.replace(/<(p|i|b|li|ul|ol)><\/\1>/g, '');
  return full === tight ? tight : tidy(full);
}

/**
 * A Vejledning as it may be shown: only p, ul, ol, li, i and b, without attributes. KLE puts lists inside paragraphs,
 * which HTML does not allow: the paragraph is ended before the list and taken up after it. Blanks that come from
 * pretty-printing are gone, so that two guidances with the same content are the same string. May be empty.
 * Normalising twice changes nothing.
 */
export function guidanceHtml(xhtml: string): string {
  const clean = sanitised(xhtml);
  const open: string[] = [];
  const breaksParagraph = (name: string): boolean => BLOCKS.has(name) && open.at(-1) === 'p';
  let html = '';
  let from = 0;
  for (const { 0: tag, 1: slash, 2: name, index } of clean.matchAll(TAG)) {
    html += clean.slice(from, index).replace(/\s+/g, ' ');
    from = index + tag.length;
    if (!name) html += ' ';
    else if (!slash) {
      html += breaksParagraph(name) ? `</p><${name}>` : tag;
      open.push(name);
    } else {
      open.pop();
      html += breaksParagraph(name) ? `${tag}<p>` : tag;
    }
  }
  return tidy(html + clean.slice(from).replace(/\s+/g, ' '));
}
